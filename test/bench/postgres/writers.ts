import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Postgres, queryAt } from '../../helpers/postgres.js';
import { observation } from './rows.js';

const WRITERS = [1, 2, 4, 8];
const ROWS = 200_000;

export interface WriterRate {
  readonly writers: number;
  readonly rowsPerSecond: number;
}

/** Rows a second that so many writers together commit, each its own part of the rows, 5,000 to a transaction. */
export async function writerRates(postgres: Postgres): Promise<WriterRate[]> {
  const rates: WriterRate[] = [];
  for (const writers of WRITERS) {
    const url = await postgres.database();
    const share = ROWS / writers;
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: writers }, (_, i) => write(url, i * share, (i + 1) * share)));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const [count] = await queryAt<{ rows: string }>(url, 'SELECT count(*) AS rows FROM pointing_history');
    if (Number(count?.rows) !== ROWS) throw new Error(`${count?.rows} rows of ${ROWS}`);
    rates.push({ writers, rowsPerSecond: ROWS / seconds });
  }
  return rates;
}

function write(url: string, from: number, to: number): Promise<void> {
  const worker = new Worker(fileURLToPath(new URL('./writer.js', import.meta.url)), {
    workerData: { url, from, to },
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/** Rows a second of COPY itself into the same two tables with their indexes, one transaction each: the least there is to do. */
export async function copyRate(postgres: Postgres): Promise<number> {
  const url = await postgres.database();
  await write(url, 0, 1);
  await queryAt(url, 'TRUNCATE pointing_history, pointing_files');
  const results = Array.from({ length: ROWS }, (_, i) => observation(i).outcome);
  const history = join(postgres.directory, 'history.tsv');
  const ledger = join(postgres.directory, 'ledger.tsv');
  try {
    writeFileSync(
      history,
      results
        .map(({ pointing }) => `${pointing?.midTimeMjdUtc}\t${pointing?.raDeg}\t${pointing?.decDeg}\n`)
        .join(''),
    );
    writeFileSync(
      ledger,
      results
        .map(
          ({ path, version, pointing }) =>
            `bench\t${path}\t${version?.sizeBytes}\t${version?.mtimeUs}\t${version?.ctimeUs}\tstored\thadec\t1\t${pointing?.midTimeMjdUtc}\t${pointing?.raIcrsDeg}\t${pointing?.decIcrsDeg}\t0\t1.7e9\n`,
        )
        .join(''),
    );
    const start = process.hrtime.bigint();
    const columns =
      'host, path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_icrs_deg, dec_icrs_deg, ha_deg, recorded_at';
    for (const command of [
      `\\copy pointing_files (${columns}) FROM '${ledger}'`,
      `\\copy pointing_history FROM '${history}'`,
    ]) {
      execFileSync('psql', ['--quiet', '--no-psqlrc', '--command', command, url], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
    return ROWS / (Number(process.hrtime.bigint() - start) / 1e9);
  } finally {
    for (const file of [history, ledger]) rmSync(file, { force: true });
  }
}
