/** What clients of the server cost the monitor beside it: from a file's rename to its row without them and with them, in turns. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isoOfMjdUtc, mjdUtc, SECONDS_PER_DAY } from '#src/units.js';
import { query } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { Server } from '../helpers/server.js';
import { startSimulator } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import type { Workspace } from '../helpers/workspace.js';
import { type Load, loadWith, residentMb, spread } from './serve-load.js';
import { HISTORY_ENDS_MJD } from './serve-ten-years.js';
import { answered, atEnd, milliseconds, print } from './serve-tools.js';

const CLIENTS = 200;
const ROUNDS = 3;
const FILES = 300;
const BETWEEN_SECONDS = 0.2;
const ROUND_SECONDS = FILES * BETWEEN_SECONDS;
/** Names of files carry whole seconds. All turns together stay within the hour that the history leaves free. */
const STARTS_APART_SECONDS = 1;

/** From each file's rename into place to its row, ms. Observations of each turn are newer than all before, as they are at a telescope. */
async function arrivalsMs({ incoming, productsDb }: Workspace, turn: number): Promise<number[]> {
  const startMjd = HISTORY_ENDS_MJD + (turn * FILES * STARTS_APART_SECONDS) / SECONDS_PER_DAY;
  const start = isoOfMjdUtc(mjdUtc(startMjd)).slice(0, 19);
  const schedule = { start, count: FILES, interval: STARTS_APART_SECONDS, every: BETWEEN_SECONDS };
  const simulator = startSimulator(
    incoming,
    Object.entries(schedule).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
  );
  const [code] = await once(simulator, 'exit');
  if (code !== 0) throw new Error(`the simulator ended with exit ${code}`);
  const recorded = await waitFor('the rows of all arrivals', () => {
    const rows = query<{ path: string; recordedAt: number }>(
      productsDb,
      "SELECT path, recorded_at AS recordedAt FROM pointing_files WHERE state = 'stored' AND path BETWEEN ? AND ?",
      join(incoming, start),
      `${incoming}/~`,
    );
    return rows.length === FILES && rows;
  });
  // A rename changes the inode's time of change.
  return recorded.map(({ path, recordedAt }) => recordedAt * 1000 - statSync(path).ctimeMs);
}

/** Runs a monitor and a server on a database that ends an hour ago, and prints the times of arrivals and answers. */
export async function measureLoad(place: Workspace): Promise<void> {
  const monitor = new Monitor(atEnd, place);
  await monitor.healthy();
  const server = new Server(atEnd, place);
  const url = await server.url();
  const quiet: number[] = [];
  const loaded: number[] = [];
  const loads: Load[] = [];
  const residentMbs: number[] = [];
  const noteMemory = () => residentMbs.push(residentMb(server.process.pid as number));
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(...(await arrivalsMs(place, 2 * round)));
    noteMemory();
    const [load, arrivals] = await Promise.all([
      loadWith(url, CLIENTS, ROUND_SECONDS),
      arrivalsMs(place, 2 * round + 1),
    ]);
    loads.push(load);
    loaded.push(...arrivals);
  }
  noteMemory();
  print(`${quiet.length} arrivals to row, no clients`, milliseconds(spread(quiet)));
  print(`${loaded.length} arrivals to row, ${CLIENTS} clients`, milliseconds(spread(loaded)));
  for (const kind of ['light', 'heavy'] as const) {
    const answers = {
      milliseconds: loads.flatMap((load) => load[kind].milliseconds),
      failures: loads.reduce((sum, load) => sum + load[kind].failures, 0),
    };
    print(`${answers.milliseconds.length} ${kind} questions`, answered(answers));
  }
  const total = (what: 'events' | 'lost') => loads.reduce((sum, load) => sum + load[what], 0);
  print('events; lost streams of events', `${total('events')}; ${total('lost')}`);
  const memory = residentMbs.map((mb) => mb.toFixed(0)).join(', ');
  print(`server, resident, before each of ${ROUNDS} loads and at the end`, `${memory} MB`);
  await monitor.stop();
  server.process.kill();
  await server.finished;
}
