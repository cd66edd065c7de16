import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { putOnPath } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const run = promisify(execFile);
const TRANSIT_MJD = 60952.854388555;
const page = readFileSync(join(root, 'docs', 'python.md'), 'utf8');
const examples = [...page.matchAll(/^## (.+?)$(?:(?!^## )[\s\S])*?^```python\n([\s\S]*?)^```/gm)];

/** What each example prints, by the start of its heading. */
const printed: Record<string, RegExp> = {
  'Which files': /_sb00\.hdf5[\s\S]*hours in the beam: 0\.2/,
  'Cone search': /2025-10-04T20:/,
  'The history': /^50 rows, declinations \[30\.4\]/,
  'A table': / deg +deg[\s\S]*2025-10-04T20:/,
  'Time on sky': /^$/,
  'CSV from': /2025-10-04T20:.*_sb00\.hdf5/,
  'The SQLite file': /_sb00\.hdf5/,
};

for (const [what, count] of [
  ['prints what it should', 50],
  ['does not fail on an empty history', 0],
] as const) {
  test(`every example for Python runs and ${what}`, needs('pandas', 'pyvo', 'matplotlib'), async (t) => {
    const place = workspace(t);
    await storeObservations(
      place.productsDb,
      Array.from({ length: count }, (_, i) => ({
        mjd: TRANSIT_MJD + ((i - 10) * 309) / 86400,
        decDeg: 30.4,
      })),
    );
    const server = new Server(t, place);
    putOnPath(place.path);
    const url = (await server.url()).replace(/\/$/, '');
    assert.equal(examples.length, Object.keys(printed).length);
    for (const [, heading = '', code = ''] of examples) {
      const script = code
        .replaceAll('http://127.0.0.1:8000', url)
        .replaceAll('/data/products.sqlite3', place.productsDb);
      const { stdout } = await run('/usr/bin/python3', ['-c', script], {
        cwd: place.path,
        env: { ...process.env, PATH: `${place.path}:${process.env.PATH}` },
      });
      const expected = Object.entries(printed).find(([start]) => heading.startsWith(start))?.[1];
      assert.ok(expected, heading);
      if (count > 0) assert.match(stdout, expected, heading);
    }
  });
}

const [, , sqliteExample = ''] = examples.find(([, heading]) => heading?.startsWith('The SQLite file')) ?? [];

/** The files that the example for SQLite reads, of a database opened with this query. */
async function filesRead(productsDb: string, query = 'mode=ro'): Promise<string> {
  const script = sqliteExample.replace('/data/products.sqlite3?mode=ro', `${productsDb}?${query}`);
  return (await run('/usr/bin/python3', ['-c', `${script}\nprint(*newest.path)`])).stdout;
}

test('the example for SQLite reads beside a monitor that stores files', needs('pandas'), async (t) => {
  const place = workspace(t);
  const monitor = new Monitor(t, place);
  await monitor.healthy();
  for (const start of ['2025-10-01T00:00:00', '2025-10-01T01:00:00']) {
    const [path = ''] = simulate(place.incoming, ['--count', '1', '--start', start]);
    await waitFor('the example to print the file', async () =>
      (await filesRead(place.productsDb)).includes(path),
    );
  }
  await monitor.healthy();
});

test(
  'a SQLite file on a read-only file system is opened as the page says',
  needs('mounts', 'pandas'),
  async (t) => {
    const { path } = workspace(t);
    const [source, media] = [join(path, 'source'), join(path, 'media')];
    for (const directory of [source, media]) mkdirSync(directory);
    await storeObservations(join(source, 'products.sqlite3'), [{ mjd: TRANSIT_MJD, decDeg: 30.4 }]);
    execFileSync('mount', ['--bind', source, media]);
    t.after(() => spawnSync('umount', ['--lazy', media]));
    execFileSync('mount', ['-o', 'remount,bind,ro', media]);
    const productsDb = join(media, 'products.sqlite3');
    const [, error = '', query] = /fails with "(.*?)"[\s\S]*open it with `(.*?)`/.exec(page) ?? [];
    await assert.rejects(filesRead(productsDb), new RegExp(`: ${error}`));
    assert.match(await filesRead(productsDb, query), /_sb00\.hdf5/);
    // Who has it open where it can be written to makes both files.
    const other = new Database(join(source, 'products.sqlite3'));
    t.after(() => other.close());
    other.prepare('SELECT 1 FROM pointing_history').get();
    assert.match(await filesRead(productsDb), /_sb00\.hdf5/);
  },
);
