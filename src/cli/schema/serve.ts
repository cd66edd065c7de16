import {
  command,
  count,
  instrumentFlags,
  logFlags,
  productsDb,
  statusFile,
  telescopeName,
} from './common.js';

export const serve = command({
  name: 'serve',
  summary: 'Serve the page and the HTTP API, read-only',
  description: [
    'Serves the page at /, the HTTP API (documented at /api) and metrics for Prometheus at /metrics. It only reads, and runs as its own process until SIGTERM or SIGINT.',
  ],
  positionals: { products_db: productsDb },
  flags: {
    'status-file': {
      ...statusFile,
      detail: 'With PostgreSQL and without this flag, the status of all hosts.',
    },
    host: {
      kind: 'text',
      value: 'ADDRESS',
      default: '127.0.0.1',
      describe: 'Address to listen on; anyone who can reach it can read the history',
      detail: 'There is no login: to open it to other hosts, put a proxy in front of it.',
    },
    port: {
      ...count('TCP port', 0, 65535),
      default: 8000,
      describe: 'TCP port; 0 picks a free one',
      detail: 'The address is printed.',
    },
    'allow-host': {
      kind: 'text',
      value: 'NAME',
      many: true,
      describe: 'Another name by which proxies or browsers reach this server; may be repeated',
      detail:
        "Requests for a name that is not this server's are refused, so that a foreign page cannot reach it through a name of its own (DNS rebinding).",
      otherwise: '`localhost`, and the addresses of this machine',
    },
    'allow-origin': {
      kind: 'text',
      value: 'ORIGIN',
      many: true,
      describe: 'Site whose pages can read the API, such as https://example.org; may be repeated',
      otherwise: 'only this server',
    },
    ...instrumentFlags,
    ...telescopeName,
    ...logFlags,
  },
  exit: [
    [0, 'stopped'],
    [2, 'bad usage or port in use'],
  ],
});
