import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { finished } from '../helpers/cli.js';
import { snapshot } from '../helpers/installation.js';
import { fillHistory } from '../helpers/server.js';
import { waitFor } from '../helpers/wait.js';
import { fixture, root, workspace } from '../helpers/workspace.js';

const PACKAGE = 'node_modules/pointing-monitor';
const POINTING = /^{"path":".*","kind":"hadec","mjd":60952\.63/;

interface Packed {
  readonly filename: string;
  readonly integrity: string;
}

interface Notice {
  readonly name: string;
  readonly text: string;
}

/** The packages of others that the sources of the page name. */
function importedByPage(): string[] {
  const sources = join(root, 'src/web');
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(sources, name), 'utf8').matchAll(/ from '([\w-]+)['/]/g)])
    .map(([, name]) => name as string);
  return [...new Set(names)].filter((name) => name !== 'pointing-monitor');
}

function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    [...args, '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * A directory into which `npm ci` installs the package with the dependencies that the repository has. Their newest versions, which a
 * plain install would take, change from day to day.
 */
function locked(directory: string, { filename, integrity }: Packed): void {
  const tarball = `file:../${filename}`;
  const { packages, ...lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { devDependencies, ...ours } = packages[''];
  const theirs = Object.entries<{ dev?: true }>(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const whole = { name: 'elsewhere', version: '1.0.0', dependencies: { 'pointing-monitor': tarball } };
  const installed = { ...ours, resolved: tarball, integrity };
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify(whole));
  writeFileSync(
    join(directory, 'package-lock.json'),
    JSON.stringify({
      ...lock,
      name: whole.name,
      packages: { '': whole, [PACKAGE]: installed, ...Object.fromEntries(theirs) },
    }),
  );
}

test('the package installs and runs outside the repository', async (t) => {
  const { path, productsDb, statusFile } = workspace(t);
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', path], root)) as [Packed];
  const elsewhere = join(path, 'elsewhere');
  locked(elsewhere, packed);
  // Without the network where npm has fetched them before, as for the repository itself.
  npm(['ci', '--prefer-offline', '--fetch-retries', '5'], elsewhere);
  // What its install script would compile, in more than a minute.
  const sqlite = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  mkdirSync(dirname(join(elsewhere, sqlite)), { recursive: true });
  copyFileSync(join(root, sqlite), join(elsewhere, sqlite));

  const { exports } = JSON.parse(readFileSync(join(elsewhere, PACKAGE, 'package.json'), 'utf8'));
  for (const file of Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? entry : Object.values(entry as object),
  )) {
    assert.ok(existsSync(join(elsewhere, PACKAGE, file)), file);
  }

  const program = (args: readonly string[]) =>
    finished(spawn('npx', ['--no-install', 'pointing-monitor', ...args], { cwd: elsewhere }));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal((await program(['--version'])).stdout, `${version}\n`);
  const file = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
  for (const reader of ['direct', 'libhdf5']) {
    const { code, stdout, stderr } = await program(['extract', file, '--json', '--reader', reader]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, POINTING);
  }
  assert.equal((await program(['transits', '3C286', '--days-ahead', '2'])).code, 0);

  fillHistory(productsDb, [{ timestamp: 60952, ra_deg: 1, dec_deg: 2 }]);
  const args = ['serve', productsDb, '--status-file', statusFile, '--port', '0'];
  const server = spawn(join(elsewhere, 'node_modules/.bin/pointing-monitor'), args);
  t.after(() => server.kill('SIGKILL'));
  let said = '';
  server.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const address = await waitFor('the server', () => /^http\S+/.exec(said)?.[0]);
  const notices = (await (await fetch(`${address}licences.json`)).json()) as Notice[];
  const noticed = notices.filter(({ text }) => /copyright/i.test(text)).map(({ name }) => name);
  assert.deepEqual(
    importedByPage().filter((name) => !noticed.includes(name)),
    [],
  );
  const page = await (await fetch(address)).text();
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1];
  assert.equal((await fetch(`${address}${script}`)).status, 200);
});

test('the package holds what ops/install puts in place', (t) => {
  const { path } = workspace(t);
  const [{ files }] = JSON.parse(npm(['pack', '--json', '--dry-run'], root)) as [
    { files: { path: string }[] },
  ];
  const { status, stderr } = spawnSync(join(root, 'ops/install'), ['--prefix', path], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const tree = [...snapshot(join(path, 'opt/pointing-monitor/.')).keys()].filter(
    (name) => !name.startsWith('node_modules/'),
  );
  assert.deepEqual(
    files
      .map((file) => file.path)
      .filter((name) => !name.endsWith('.d.ts'))
      .sort(),
    tree.filter((name) => name !== 'package-lock.json').sort(),
  );
});
