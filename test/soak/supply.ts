import { join } from 'node:path';
import { cli } from '../helpers/cli.js';
import { query, type Row } from '../helpers/database.js';
import { simulate } from '../helpers/simulator.js';

/** A good file outside of the watched directory, and the row that it must get. */
export interface Observation {
  readonly file: string;
  readonly row: Row;
}

/** Small files in the layouts that sites have. The direct reader declines the last two. */
const LAYOUTS = [
  { share: 0.8, start: '2023-01-01T00:00:00', args: [] },
  { share: 0.1, start: '2022-01-01T00:00:00', args: ['--gzip'] },
  { share: 0.1, start: '2021-01-01T00:00:00', args: ['--libver', 'latest'] },
] as const;

/** Makes this many observations of mixed layouts, each at a time of its own. Their rows are libhdf5's, read at rest. */
export async function supply(directory: string, count: number): Promise<Observation[]> {
  const made = join(directory, 'made');
  for (const { share, start, args } of LAYOUTS) {
    const each = ['--count', String(Math.ceil(count * share)), '--start', start, '--ntimes', '4'];
    simulate(join(made, start), [...each, ...args]);
  }
  const truthDb = join(directory, 'truth.sqlite3');
  const { code, stderr } = await cli(['backfill', made, truthDb, '--reader', 'libhdf5']);
  if (code !== 0) throw new Error(stderr);
  const rows = query<Row & { file: string }>(
    truthDb,
    'SELECT path AS file, h.* FROM pointing_files JOIN pointing_history AS h USING (timestamp)',
  );
  return rows.map(({ file, ...row }) => ({ file, row }));
}
