import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { putOnPath } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { Server } from '../helpers/server.js';
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
