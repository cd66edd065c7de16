import { StoreError } from '../../errors.js';
import { type Degrees, type MjdUtc, mjdUtc } from '../../units.js';
import type { FailedFile, FileCount, HistoryReader, HostStatus, SkyRegion } from '../history-reader.js';
import type { HistoryRow } from '../store.js';
import { Changes } from './changes.js';
import { Connections } from './connection.js';

/** Requests that ask the database at the same time; others wait. */
const CONNECTIONS = 4;
const PAGE_ROWS = 10_000;
const COMMA = Buffer.from(',');
const BEFORE_ALL = mjdUtc(-Number.MAX_VALUE);

// Rows of $1 <= timestamp <= $2, of those the ones after $3.
const ROWS = `FROM pointing_history
  WHERE timestamp >= $1 AND timestamp <= $2 AND timestamp > $3 AND ra_deg IS NOT NULL AND dec_deg IS NOT NULL
  ORDER BY timestamp`;

/** Reads one PostgreSQL database: the history and the files of all hosts. Makes nothing in it. */
export class PostgresReader implements HistoryReader {
  readonly #connections: Connections;
  readonly #changes: Changes;

  constructor(location: string) {
    this.#connections = new Connections(location, CONNECTIONS);
    this.#changes = new Changes(location);
  }

  version(): Promise<string> {
    return this.#changes.version();
  }

  async *history(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow> {
    for await (const rows of this.historyPages(start, end)) yield* rows;
  }

  async *historyPages(start: MjdUtc, end: MjdUtc): AsyncGenerator<HistoryRow[]> {
    for (let after = BEFORE_ALL; ; ) {
      const rows = await this.#rows<HistoryRow>(
        `SELECT timestamp, ra_deg, dec_deg ${ROWS} LIMIT ${PAGE_ROWS}`,
        [start, end, after],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE_ROWS) return;
      after = (rows.at(-1) as HistoryRow).timestamp;
    }
  }

  async *historyJson(start: MjdUtc, end: MjdUtc, limit: number): AsyncGenerator<Uint8Array> {
    let after = BEFORE_ALL;
    for (let left = limit; left > 0; left -= PAGE_ROWS) {
      const [page] = await this.#rows<JsonPage>(
        `SELECT string_agg(json_build_object('timestamp', timestamp, 'ra_deg', ra_deg, 'dec_deg', dec_deg)::text, ','
             ORDER BY timestamp) AS json,
           count(*) AS rows, max(timestamp) AS last
         FROM (SELECT timestamp, ra_deg, dec_deg ${ROWS} LIMIT $4) AS page`,
        [start, end, after, Math.min(left, PAGE_ROWS)],
      );
      if (!page?.rows) return;
      if (left !== limit) yield COMMA;
      yield Buffer.from(page.json);
      if (page.rows < PAGE_ROWS) return;
      after = page.last;
    }
  }

  async timestampAfter(start: MjdUtc, end: MjdUtc, count: number): Promise<MjdUtc | undefined> {
    const [row] = await this.#rows<{ timestamp: MjdUtc }>(`SELECT timestamp ${ROWS} LIMIT 1 OFFSET $4`, [
      start,
      end,
      BEFORE_ALL,
      count,
    ]);
    return row?.timestamp;
  }

  within(region: SkyRegion, start: MjdUtc, end: MjdUtc): Promise<HistoryRow[]> {
    const { decFromDeg, decToDeg, raFromDeg, raToDeg } = region;
    return this.#rows<HistoryRow>(
      `SELECT timestamp, ra_deg, dec_deg FROM pointing_history
       WHERE timestamp BETWEEN $1 AND $2 AND dec_deg BETWEEN $3 AND $4
         AND (ra_deg BETWEEN $5 AND $6 OR ra_deg BETWEEN $5 - 360 AND $6 - 360 OR ra_deg BETWEEN $5 - 720 AND $6 - 720)
       ORDER BY timestamp`,
      [start, end, decFromDeg, decToDeg, raFromDeg, raToDeg],
    );
  }

  async movedAfter(row: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc | undefined> {
    const [found] = await this.#rows<{ timestamp: MjdUtc }>(
      `SELECT timestamp FROM pointing_history WHERE timestamp > $1 AND abs(dec_deg - $2) > $3 AND ra_deg IS NOT NULL
       ORDER BY timestamp LIMIT 1`,
      [row.timestamp, row.dec_deg, toleranceDeg],
    );
    return found?.timestamp;
  }

  async paths(timestamps: readonly MjdUtc[]): Promise<(string | null)[]> {
    const rows = await this.#rows<{ timestamp: number; path: string }>(
      'SELECT timestamp, min(path) AS path FROM pointing_files WHERE timestamp = ANY($1) GROUP BY timestamp',
      [timestamps],
    );
    const byTime = new Map(rows.map(({ timestamp, path }) => [timestamp, path]));
    return timestamps.map((timestamp) => byTime.get(timestamp) ?? null);
  }

  async newest(): Promise<HistoryRow | undefined> {
    const [row] = await this.#rows<HistoryRow>(
      `SELECT timestamp, ra_deg, dec_deg FROM pointing_history WHERE ra_deg IS NOT NULL AND dec_deg IS NOT NULL
       ORDER BY timestamp DESC LIMIT 1`,
    );
    return row;
  }

  async atDeclinationSince(newest: HistoryRow, toleranceDeg: Degrees): Promise<MjdUtc> {
    const [row] = await this.#rows<{ since: MjdUtc | null }>(
      `SELECT min(timestamp) AS since FROM pointing_history WHERE dec_deg IS NOT NULL AND timestamp > coalesce(
         (SELECT timestamp FROM pointing_history WHERE timestamp < $1 AND abs(dec_deg - $2) > $3
          ORDER BY timestamp DESC LIMIT 1), $4)`,
      [newest.timestamp, newest.dec_deg, toleranceDeg, BEFORE_ALL],
    );
    return row?.since ?? newest.timestamp;
  }

  async failures(limit: number): Promise<FailedFile[]> {
    return this.#rows<FailedFile>(
      `SELECT host, path, error_code AS "errorCode", error_message AS "errorMessage", attempts, recorded_at AS "recordedAt"
       FROM pointing_files WHERE state <> 'stored' AND state = 'failed' ORDER BY recorded_at DESC, host, path LIMIT $1`,
      [limit],
    );
  }

  async fileCounts(): Promise<FileCount[]> {
    return this.#rows<FileCount>(
      `SELECT state, error_code AS "errorCode", count(*) AS files FROM pointing_files WHERE state <> 'stored'
       GROUP BY state, error_code
       UNION ALL SELECT 'stored', NULL, count(*) FROM pointing_files WHERE state = 'stored'`,
    );
  }

  hostStatuses(): Promise<HostStatus[]> {
    return this.#rows<HostStatus>(
      `SELECT host, status::text AS json, extract(epoch FROM clock_timestamp())::float8 - written_at AS "ageSeconds"
       FROM pointing_monitors ORDER BY host`,
    );
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#connections.close();
  }

  /** None where the database or its tables are not there yet. */
  async #rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await this.#connections.use(async (client) => (await client.query<Row>(sql, [...values])).rows);
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'missing') return [];
      throw error;
    }
  }
}

interface JsonPage {
  readonly json: string;
  readonly rows: number;
  readonly last: MjdUtc;
}
