/**
 * Random events around a real monitor, and a model of what must be in its database at the end. Used by a bounded test and by the
 * soak test.
 */
import assert from 'node:assert/strict';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { count, historyRows, query, type Row } from '../helpers/database.js';
import { random } from '../helpers/random.js';
import { sleep, waitFor } from '../helpers/wait.js';

/** A monitor that can be killed and started again. */
export interface Subject {
  readonly incoming: string;
  readonly productsDb: string;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  killAndRestart(): Promise<void>;
}

interface Observation {
  readonly file: string;
  readonly row: Row;
}

export class Chaos {
  /** How often each kind of event happened. */
  readonly done = new Map<string, number>();
  /** Good files on disk. */
  readonly #onDisk = new Map<string, Observation>();
  /** Files that can never have a row, by the code they must have. */
  readonly #bad = new Map<string, string>();
  /** Rows that must be there though their files are gone, that may be, and that must not be while their path holds another. */
  readonly #kept = new Set<number>();
  readonly #perhaps = new Set<number>();
  readonly #replaced = new Map<number, string>();
  /** Had more than one path: the ledger may know one of them, whose row stays when another is replaced. */
  readonly #moved = new Set<number>();
  readonly #subject: Subject;
  readonly #next: () => number;
  readonly #observations: Observation[];
  readonly #slow = new Set<Promise<void>>();
  #names = 0;

  /** Each observation is used once. `rows[i]` is the right row of `files[i]`. */
  constructor(subject: Subject, files: readonly string[], rows: readonly Row[], seed: number) {
    this.#subject = subject;
    this.#observations = files.map((file, i) => ({ file, row: rows[i] as Row }));
    this.#next = random(seed);
  }

  /** Events until the time is up or the observations are used up, with some pause between them. */
  async run(seconds: number, pauseMs: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end && this.#observations.length > 20) {
      await this.#event();
      await sleep(this.#next() * pauseMs);
    }
    await Promise.all(this.#slow);
  }

  async #event(): Promise<void> {
    const events: [string, number, () => void | Promise<void>][] = [
      ['rename', 30, () => this.#arriveByRename(this.#newPath())],
      ['in place', 20, () => this.#arriveSlowly()],
      ['new directories', 6, () => this.#arriveByRename(this.#newPath(this.#newDirectory()))],
      ['moved tree', 4, () => this.#moveTreeIn()],
      ['replaced', 8, () => this.#replace()],
      ['moved', 6, () => this.#move()],
      ['deleted', 6, () => this.#delete()],
      ['bad file', 4, () => this.#arriveBad()],
      ['database locked', 2, () => this.#lockDatabase()],
      ['stopped', 2, () => this.#stopForAWhile()],
      ['killed', 3, () => this.#subject.killAndRestart()],
    ];
    let pick = this.#next() * events.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight, act] of events) {
      pick -= weight;
      if (pick > 0) continue;
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      await act();
      return;
    }
  }

  #take(): Observation {
    return this.#observations.pop() as Observation;
  }

  #newPath(directory = this.#subject.incoming): string {
    return join(directory, `${this.#names++}_sb00.hdf5`);
  }

  #newDirectory(): string {
    const path = join(this.#subject.incoming, `d${this.#names++}`, 'deep', 'er');
    mkdirSync(path, { recursive: true });
    return path;
  }

  #arriveByRename(path: string): void {
    const observation = this.#take();
    renameSync(observation.file, path);
    this.#onDisk.set(path, observation);
  }

  #arriveSlowly(): void {
    const observation = this.#take();
    const path = this.#newPath();
    const writing = writeSlowly(observation.file, path).then(() => {
      this.#onDisk.set(path, observation);
      this.#slow.delete(writing);
    });
    this.#slow.add(writing);
  }

  #moveTreeIn(): void {
    const name = `t${this.#names++}`;
    const outside = join(this.#subject.incoming, '..', name);
    const inside = join(this.#subject.incoming, name);
    for (const part of ['', 'a', 'a/b']) {
      mkdirSync(join(outside, part), { recursive: true });
      const file = `${this.#names++}_sb00.hdf5`;
      const observation = this.#take();
      renameSync(observation.file, join(outside, part, file));
      this.#onDisk.set(join(inside, part, file), observation);
    }
    renameSync(outside, inside);
  }

  #someFile(): [string, Observation] | undefined {
    const paths = [...this.#onDisk.keys()];
    const path = paths[Math.floor(this.#next() * paths.length)];
    return path === undefined ? undefined : [path, this.#onDisk.get(path) as Observation];
  }

  #replace(): void {
    const [path, old] = this.#someFile() ?? [];
    if (path === undefined || old === undefined) return;
    this.#arriveByRename(path);
    const { timestamp } = old.row;
    if (this.#moved.has(timestamp)) this.#perhaps.add(timestamp);
    else this.#replaced.set(timestamp, path);
  }

  /** A moved file keeps its row; the path it had is gone. */
  #move(): void {
    const [path, observation] = this.#someFile() ?? [];
    if (path === undefined || observation === undefined) return;
    const target = this.#newPath();
    renameSync(path, target);
    this.#onDisk.delete(path);
    this.#onDisk.set(target, observation);
    this.#moved.add(observation.row.timestamp);
  }

  async #delete(): Promise<void> {
    const [path, { row }] = this.#someFile() ?? ['', { row: undefined }];
    if (!row) return;
    const seen = count(this.#subject.productsDb, 'pointing_history', `timestamp = ${row.timestamp}`) === 1;
    rmSync(path);
    this.#onDisk.delete(path);
    (seen ? this.#kept : this.#perhaps).add(row.timestamp);
  }

  #arriveBad(): void {
    const path = this.#newPath();
    const text = this.#next() < 0.5;
    if (text) writeFileSync(path, 'no observation at all\n'.repeat(40));
    else writeFileSync(path, readFileSync((this.#observations[0] as Observation).file).subarray(0, 40_000));
    this.#bad.set(path, text ? 'not_hdf5' : 'truncated');
  }

  async #lockDatabase(): Promise<void> {
    if (!existsSync(this.#subject.productsDb)) return;
    const other = new Database(this.#subject.productsDb, { timeout: 5000 });
    other.exec('BEGIN IMMEDIATE');
    await sleep(this.#next() * 1500);
    other.exec('ROLLBACK');
    other.close();
  }

  async #stopForAWhile(): Promise<void> {
    this.#subject.signal('SIGSTOP');
    await sleep(this.#next() * 1500);
    this.#subject.signal('SIGCONT');
  }

  /** Waits until all is settled, and compares the database with the model. */
  async verify(): Promise<void> {
    const { productsDb } = this.#subject;
    const ledger = () =>
      new Map(
        query<{ path: string; state: string; error_code: string | null; timestamp: number | null }>(
          productsDb,
          'SELECT path, state, error_code, timestamp FROM pointing_files',
        ).map((row) => [row.path, row]),
      );
    await waitFor(
      'a ledger row for every file on disk',
      () => {
        const rows = ledger();
        return [...this.#onDisk].every(([path, { row }]) => rows.get(path)?.timestamp === row.timestamp);
      },
      90,
    );
    const rows = ledger();
    for (const path of this.#onDisk.keys()) assert.equal(rows.get(path)?.state, 'stored', path);
    for (const [path, code] of this.#bad) {
      assert.equal(rows.get(path)?.error_code, code, path);
      assert.equal(rows.get(path)?.timestamp, null, path);
    }
    const history = new Map(historyRows(productsDb).map((row) => [row.timestamp, row]));
    for (const { row } of this.#onDisk.values()) assert.deepEqual(history.get(row.timestamp), row);
    for (const timestamp of this.#kept)
      assert.ok(history.has(timestamp), `the row of a deleted file is gone: ${timestamp}`);
    for (const [timestamp, path] of this.#replaced) {
      // Where the path itself is gone, the monitor may never have seen its second file.
      if (!this.#onDisk.has(path)) continue;
      const holders = [...rows.values()].filter((row) => row.timestamp === timestamp);
      assert.ok(
        !history.has(timestamp),
        `a replaced row is still there: ${timestamp} ${JSON.stringify(holders)}`,
      );
    }
    const known = new Set([
      ...[...this.#onDisk.values()].map(({ row }) => row.timestamp),
      ...this.#kept,
      ...this.#perhaps,
      ...this.#replaced.keys(),
    ]);
    for (const timestamp of history.keys())
      assert.ok(known.has(timestamp), `a row that nobody made: ${timestamp}`);
    assert.deepEqual(query(productsDb, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  }
}

async function writeSlowly(from: string, to: string): Promise<void> {
  const target = createWriteStream(to);
  for await (const piece of createReadStream(from, { highWaterMark: 32_768 })) {
    target.write(piece);
    await sleep(40);
  }
  await new Promise((resolve) => target.end(resolve));
}
