/** Questions, rows and lines that the parts of `bench:serve` share. */
import type { TestContext } from 'node:test';
import { nowMjdUtc, SECONDS_PER_DAY } from '#src/units.js';
import type { Row } from '../helpers/database.js';
import { type Answers, type Spread, spread } from './serve-load.js';
import { longestTaskMs } from './serve-page.js';

const ROUNDS = 20;
const DECLINATIONS_DEG = [54.57, 16.24, -5, 30, 40, 71.6, 22, 10];
/** A week at each. */
const DWELL_ROWS = 1957;
const ROW_DAYS = 309 / SECONDS_PER_DAY;

export const nowMjd = nowMjdUtc();

const ends: (() => unknown)[] = [];
/** The helpers end what they start when a test ends; here that is the end of the whole. */
export const atEnd = { after: (end: () => unknown) => ends.push(end) } as unknown as TestContext;

/** Ends it all, the last one first. */
export async function endAll(): Promise<void> {
  for (const end of ends.reverse()) await end();
}

/** Prints a line. */
export const print = (what: string, result: string) => process.stdout.write(`${what.padEnd(60)}${result}\n`);

/** For a line. */
export const milliseconds = ({ median, p99, max }: Omit<Spread, 'count'>) =>
  `${median.toFixed(1)} ms median, ${p99.toFixed(1)} p99, ${max.toFixed(1)} at most`;

/** The same of answers, with those that failed. */
export const answered = ({ milliseconds: each, failures }: Answers) =>
  milliseconds(spread(each)) + (failures > 0 ? `, ${failures} failed` : '');

/** Asks once. Throws unless it is answered. */
export async function timed(url: string): Promise<{ ms: number; bytes: number }> {
  const begun = performance.now();
  const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const { byteLength } = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return { ms: performance.now() - begun, bytes: byteLength };
}

/** Asks many times, after a first one that does not count. */
export async function repeated(url: string): Promise<Spread & { readonly megabytes: string }> {
  const { bytes } = await timed(url);
  const each: number[] = [];
  for (let i = 0; i < ROUNDS; i++) each.push((await timed(url)).ms);
  return { ...spread(each), megabytes: `${(bytes / 1e6).toFixed(2)} MB` };
}

/** Rows up to a time, at one declination after the other. */
export function* rowsUntil(endMjd: number, count: number): Generator<Row> {
  const start = endMjd - count * ROW_DAYS;
  for (let i = 0; i < count; i++) {
    const decDeg = DECLINATIONS_DEG[Math.floor(i / DWELL_ROWS) % DECLINATIONS_DEG.length] as number;
    yield { timestamp: start + i * ROW_DAYS, ra_deg: (i * 1.2915) % 360, dec_deg: decDeg };
  }
}

/** A page that answers the mouse has no task over 100 ms. */
export async function printTasks(history: string, url: string): Promise<void> {
  for (const [act, ms] of Object.entries(await longestTaskMs(atEnd, url)))
    print(`page of ${history}: longest task, ${act}`, `${ms.toFixed(0)} ms of the processor`);
}
