/** The sample configurations of proxies, in real ones, before a real server. */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { finished, spawnCli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { fillHistory, rowsFrom } from '../helpers/server.js';
import { findProgram } from '../helpers/tools.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const NAME = 'pointing.example.org';
const sample = (name: string) => readFileSync(join(root, 'ops/proxy', name), 'utf8');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server that answers to the proxy's name; gives its port. */
async function serve(t: TestContext): Promise<{ path: string; upstream: string }> {
  const { path, productsDb, statusFile } = workspace(t);
  fillHistory(productsDb, rowsFrom(60950, 2, 54.57));
  const args = ['serve', productsDb, '--status-file', statusFile, '--port', '0', '--allow-host', NAME];
  const server = spawnCli(args);
  const ended = finished(server);
  t.after(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  let said = '';
  server.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  const url = await waitFor('the server', () => /^http:\/\/(\S+)\//.exec(said)?.[1]);
  return { path, upstream: url };
}

/** What the proxy must do, whichever it is. */
async function examine(t: TestContext, program: string, args: string[], port: number, env = process.env) {
  const proxy = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const ended = once(proxy, 'exit');
  let said = '';
  proxy.stderr.on('data', (chunk) => {
    said += chunk;
  });
  t.after(async () => {
    proxy.kill('SIGTERM');
    await ended;
  });
  const curl = async (path: string, ...options: string[]) => {
    const resolved = `${NAME}:${port}:127.0.0.1`;
    const fixed = ['-sk', '--max-time', '30', '--resolve', resolved, '-w', '\n%{http_code}'];
    const asked = promisify(execFile)('curl', [...fixed, ...options, `https://${NAME}:${port}${path}`]);
    return await asked.catch(({ stdout }: { stdout: string }) => ({ stdout })).then(({ stdout }) => stdout);
  };
  const user = ['--user', 'observer:arcsec'];
  await waitFor('the proxy', async () => {
    assert.equal(proxy.exitCode, null, said);
    return /401$/.test(await curl('/'));
  });
  assert.match(await curl('/', ...user), /<title>.*200$/s, said);
  assert.match(await curl('/', '--user', 'observer:wrong'), /401$/);
  assert.equal(
    JSON.parse((await curl('/api/pointing_history', ...user)).replace(/\n200$/, '')).items.length,
    2,
  );
  assert.match(await curl('/', ...user, '--request', 'POST'), /403$/);
  assert.match(await curl('/metrics', ...user), /403$/);
  assert.match(await curl('/', ...user, '--head'), /strict-transport-security: max-age/i);
  // The stream does not end; what arrived was not held back.
  assert.match(await curl('/api/pointing/events', ...user, '--max-time', '2'), /^event: health$/m);
}

test('nginx with the sample configuration', needs('nginx', 'curl', 'openssl'), async (t) => {
  const { path, upstream } = await serve(t);
  const port = await freePort();
  const at = (name: string) => join(path, name);
  const certificate = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${NAME}`];
  assert.equal(spawnSync('openssl', [...certificate, '-keyout', at('key'), '-out', at('crt')]).status, 0);
  const hash = spawnSync('openssl', ['passwd', '-apr1', 'arcsec'], { encoding: 'utf8' }).stdout;
  writeFileSync(at('htpasswd'), `observer:${hash}`);
  writeFileSync(
    at('site.conf'),
    sample('nginx.conf')
      .replaceAll(/^ +listen (\[::\]:.*|80);\n/gm, '')
      .replace('return 301', `listen 127.0.0.1:${await freePort()};\n    return 301`)
      .replace('listen 443', `listen 127.0.0.1:${port}`)
      .replace(`/etc/ssl/certs/${NAME}.pem`, at('crt'))
      .replace(`/etc/ssl/private/${NAME}.key`, at('key'))
      .replaceAll('/etc/nginx/pointing.htpasswd', at('htpasswd'))
      .replace('127.0.0.1:8000', upstream),
  );
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${at(of)};`);
  writeFileSync(
    at('nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${at('pid')}; error_log stderr; events {}
     http { access_log off; ${own.join(' ')} include ${at('site.conf')}; }`,
  );
  await examine(t, findProgram('nginx') as string, ['-e', 'stderr', '-c', at('nginx.conf')], port);
});

test('Caddy with the sample configuration', needs('caddy', 'curl'), async (t) => {
  const { path, upstream } = await serve(t);
  const port = await freePort();
  const caddy = findProgram('caddy') as string;
  const hash = spawnSync(caddy, ['hash-password', '--plaintext', 'arcsec'], { encoding: 'utf8' }).stdout;
  const file = join(path, 'Caddyfile');
  writeFileSync(
    file,
    `{\n admin off\n skip_install_trust\n auto_https disable_redirects\n}\n${sample('Caddyfile')
      .replace(`\n${NAME} {`, `\nhttps://${NAME}:${port} {\n bind 127.0.0.1\n tls internal`)
      .replace(/\$2a\$\S+/, () => hash.trim())
      .replace('127.0.0.1:8000', upstream)}`,
  );
  const env = { ...process.env, HOME: path, XDG_DATA_HOME: path, XDG_CONFIG_HOME: path };
  await examine(t, caddy, ['run', '--adapter', 'caddyfile', '--config', file], port, env);
});
