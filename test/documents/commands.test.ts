/**
 * Runs the commands in the documents, verbatim, on a machine of their own: ops/install has installed the program, systemd runs its
 * units, and a PostgreSQL server listens at the address that the documents use.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CodeBlock, documents } from '../helpers/documents.js';
import { needs } from '../helpers/needs.js';
import { Site } from '../helpers/site.js';
import { root } from '../helpers/workspace.js';

/** Commands that run until stopped get this long. */
const ENDLESS_SECONDS = 3;
/** Commands that need another machine: only the files that they name are checked. */
const ELSEWHERE = ['sbatch', 'kubectl'];

/**
 * Stand-ins for a few commands: endless ones are stopped after a while, and those that rebuild the repository or need a cluster are
 * only checked. Everything else is real.
 */
const STAND_INS = `
endless() { timeout --preserve-status --signal=TERM ${ENDLESS_SECONDS} "$(type -P "$1")" "\${@:2}" || (( $? == 143 )); }
watch() { TERM=xterm endless watch "$@" > /dev/null; }
tail() { case " $* " in *' -f '*) endless tail "$@";; *) command tail "$@";; esac; }
journalctl() { case " $* " in *' -f '*) endless journalctl "$@";; *) command journalctl "$@";; esac; }
npx() { "$@"; }
apt-get() { local word; for word in "\${@:4}"; do dpkg --status "$word" > /dev/null 2>&1 || apt-cache show "$word" > /dev/null || return 1; done; }
pointing-monitor() {
  case $1 in
  serve) systemctl stop contimg-pointing-api; endless pointing-monitor "$@"; systemctl start contimg-pointing-api;;
  monitor) endless pointing-monitor "$@";;
  *) command pointing-monitor "$@";;
  esac
}
npm() {
  local word
  for word; do case $word in run|-*) ;; *) break;; esac; done
  jq --exit-status --arg name "$word" '.scripts | has($name)' package.json > /dev/null
}
${ELSEWHERE.map((name) => `${name}() { for word; do case $word in ops/*) test -f "$word" || return 1;; esac; done; }`).join('\n')}
`;

const PREPARE = `set -eu
mkdir -p /data/incoming
cp ${root}test/fixtures/dsa110/*.hdf5 /data/incoming
${root}build/Release/correlator-simulator /data/incoming --nants 4 --count 12 --start now > /dev/null
cd ${root}
ops/install
systemctl start contimg-pointing-monitor contimg-pointing-api

echo '127.0.0.1 db.example.org' >> /etc/hosts
versions=/usr/lib/postgresql; bin=$versions/$(ls $versions | sort -n | tail -1)/bin
install -d -o postgres /var/lib/site-pg
setpriv --reuid=postgres --regid=postgres --init-groups $bin/initdb --pgdata /var/lib/site-pg --auth trust --encoding UTF8 --no-sync > /dev/null
mkdir -p /root/.postgresql
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=db.example.org -addext subjectAltName=DNS:db.example.org \\
  -keyout /var/lib/site-pg/server.key -out /root/.postgresql/root.crt 2> /dev/null
cp /root/.postgresql/root.crt /var/lib/site-pg/server.crt
chown postgres /var/lib/site-pg/server.*; chmod 600 /var/lib/site-pg/server.key
systemd-run --quiet --unit=site-pg --uid=postgres $bin/postgres -D /var/lib/site-pg -c listen_addresses=127.0.0.1 -c ssl=on \\
  -c unix_socket_directories=/var/lib/site-pg
until $bin/pg_isready --quiet --host db.example.org; do sleep 0.1; done
until test "$(jq .healthy /data/dsa110-contimg/state/pointing-monitor-status.json 2> /dev/null)" = true; do sleep 0.1; done
`;

const environment = {
  CONTIMG_INPUT_DIR: '/data/incoming',
  PIPELINE_PRODUCTS_DB: '/data/dsa110-contimg/state/products.sqlite3',
  PIPELINE_STATE_DIR: '/data/dsa110-contimg/state',
};

/** A block as a bash script; undefined for blocks that are not programs. */
function scriptOf({ language, text }: CodeBlock): string | undefined {
  switch (language) {
    case 'sh':
      return text;
    case 'python':
      return `python3 - << 'END'\n${text}END`;
    case 'sql':
      return `psql --quiet --set ON_ERROR_STOP=1 --host db.example.org --username postgres products << 'END'\n${text}END`;
    default:
      return undefined;
  }
}

test(
  'every command in the documents succeeds',
  needs('container', 'postgres', 'openssl', 'sudo'),
  async (t) => {
    const site = await Site.boot(t);
    const prepared = await site.run(PREPARE);
    assert.equal(prepared.code, 0, prepared.stdout + prepared.stderr);
    let commands = 0;
    // python.test.ts runs the examples for Python against a server.
    for (const document of documents().filter(({ path }) => path !== 'docs/python.md')) {
      for (const block of document.blocks) {
        const script = scriptOf(block);
        if (!script) continue;
        await t.test(`${document.path}:${block.line}`, async () => {
          const whole = `${STAND_INS}\ncd ${root}\nset -eu -o pipefail\n${script}`;
          const { code, stdout, stderr } = await site.run(whole, environment);
          assert.equal(code, 0, `${block.text}\n${stdout}\n${stderr}`);
        });
        commands++;
      }
    }
    assert.ok(commands > 20, String(commands));
  },
);
