#!/usr/bin/env node
// Makes vendor/iers from newer IERS files and replaces it only if they pass every check. README.md beside this file
// says where the files come from.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE =
  'usage: refresh.mjs FINALS2000A LEAP_SECOND [--out DIR]   (FINALS2000A may be - for standard input)';
const FIRST_MJD = 47892; // 1990-01-01, the earliest date the monitor accepts
const TABLE_NAME = 'earth-orientation.txt';
const LEAP_NAME = 'Leap_Second.dat';
const MJD_OF_UNIX_EPOCH = 40587;

class Refusal extends Error {}

const isoDate = (mjd) => new Date((mjd - MJD_OF_UNIX_EPOCH) * 86_400_000).toISOString().slice(0, 10);
const mjdOfDate = (year, month, day) => Date.UTC(year, month - 1, day) / 86_400_000 + MJD_OF_UNIX_EPOCH;

// Columns are those of the IERS description readme.finals2000A, counted from 1, both ends included.
const column = (line, from, to) => line.slice(from - 1, to).trim();

function number(line, from, to, what) {
  const text = column(line, from, to);
  if (text === '') return undefined;
  if (!/^[-+]?\d*\.?\d+$/.test(text))
    throw new Refusal(`finals2000A: ${what} is "${text}", not a number: "${line.slice(0, 16)}"`);
  return Number(text);
}

// Bulletin B's final value where it is given, else Bulletin A's, for UT1-UTC and polar motion each: as astropy's IERS_A does.
function readFinals(text) {
  const rows = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const mjd = number(line, 8, 15, 'MJD');
    if (mjd === undefined || !Number.isInteger(mjd))
      throw new Refusal(`finals2000A: no MJD in "${line.slice(0, 16)}"`);
    const a = {
      ut1: number(line, 59, 68, 'UT1-UTC'),
      xp: number(line, 19, 27, 'xp'),
      yp: number(line, 38, 46, 'yp'),
    };
    if (mjd < FIRST_MJD || a.ut1 === undefined || column(line, 17, 17) === '') continue;
    const b = {
      ut1: number(line, 155, 165, 'UT1-UTC (B)'),
      xp: number(line, 135, 144, 'xp (B)'),
      yp: number(line, 145, 154, 'yp (B)'),
    };
    const poleIsFinal = b.xp !== undefined && b.yp !== undefined;
    const predicted = column(line, 17, 17) === 'P' || column(line, 58, 58) === 'P';
    const series = predicted ? 'P' : poleIsFinal && b.ut1 !== undefined ? 'B' : 'I';
    rows.push({
      mjd,
      ut1: b.ut1 ?? a.ut1,
      xp: poleIsFinal ? b.xp : a.xp,
      yp: poleIsFinal ? b.yp : a.yp,
      series,
    });
  }
  return rows;
}

function readLeapSeconds(text) {
  const expiry = /File expires on (\d+) (\w+) (\d{4})/.exec(text);
  const month = expiry && new Date(`${expiry[2]} 1, 2000 UTC`).getUTCMonth() + 1;
  if (!month) throw new Refusal(`${LEAP_NAME}: no line "File expires on DAY MONTH YEAR"`);
  const steps = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [mjd, day, monthOfStep, year, taiMinusUtc] = line.trim().split(/\s+/).map(Number);
    if (mjd !== mjdOfDate(year, monthOfStep, day) || day !== 1)
      throw new Refusal(`${LEAP_NAME}: MJD and date disagree: "${line.trim()}"`);
    if (!Number.isInteger(taiMinusUtc)) throw new Refusal(`${LEAP_NAME}: no TAI-UTC in "${line.trim()}"`);
    const last = steps.at(-1);
    if (last && (mjd <= last.mjd || Math.abs(taiMinusUtc - last.taiMinusUtc) !== 1))
      throw new Refusal(`${LEAP_NAME}: not one second after the line before: "${line.trim()}"`);
    steps.push({ mjd, taiMinusUtc });
  }
  if (steps.length < 28)
    throw new Refusal(`${LEAP_NAME}: ${steps.length} leap seconds, where 28 were known in 2017`);
  return { steps, expiresMjd: mjdOfDate(Number(expiry[3]), month, Number(expiry[1])) };
}

function checkRows(rows, leapSeconds) {
  if (rows[0]?.mjd !== FIRST_MJD)
    throw new Refusal(
      `finals2000A: the first day used must be MJD ${FIRST_MJD}; take finals2000A.all, not .data or .daily`,
    );
  const stepAt = new Map(
    leapSeconds.steps.map((step, i, all) => [step.mjd, i ? step.taiMinusUtc - all[i - 1].taiMinusUtc : 0]),
  );
  let predicting = false;
  for (const [i, row] of rows.entries()) {
    const day = `MJD ${row.mjd} (${isoDate(row.mjd)})`;
    if (!(Math.abs(row.ut1) <= 1 && Math.abs(row.xp) <= 1 && Math.abs(row.yp) <= 1))
      throw new Refusal(`finals2000A: implausible values on ${day}`);
    if (predicting && row.series !== 'P')
      throw new Refusal(`finals2000A: a measured day after a predicted one, ${day}`);
    predicting = row.series === 'P';
    if (i === 0) continue;
    const before = rows[i - 1];
    if (row.mjd !== before.mjd + 1)
      throw new Refusal(`finals2000A: ${day} does not follow MJD ${before.mjd}`);
    // The Earth's rotation drifts by at most some 4 ms a day: a larger step is a leap second, and must be in the list.
    const drift = row.ut1 - before.ut1 - (stepAt.get(row.mjd) ?? 0);
    if (Math.abs(drift) > 0.01)
      throw new Refusal(
        `UT1-UTC steps by ${(row.ut1 - before.ut1).toFixed(4)} s on ${day}, which ${LEAP_NAME} does not explain`,
      );
    if (Math.hypot(row.xp - before.xp, row.yp - before.yp) > 0.02)
      throw new Refusal(`finals2000A: the pole jumps on ${day}`);
  }
  if (!predicting) throw new Refusal('finals2000A: no predicted days at the end');
}

const lastMeasured = (rows) => rows.findLast((row) => row.series !== 'P');

function tableText(rows) {
  const measured = lastMeasured(rows).mjd;
  const predicted = rows.at(-1).mjd;
  const header = [
    'Earth orientation, one line a day at 0h UTC.',
    "Source: IERS Rapid Service/Prediction Centre, finals2000A.all: Bulletin B's value where given, else Bulletin A's.",
    'Terms: free to copy and use with reference to the IERS; see README.md. Made by refresh.mjs; do not edit.',
    `Measured to MJD ${measured} (${isoDate(measured)}), predicted to MJD ${predicted} (${isoDate(predicted)}).`,
    'Columns: MJD (UTC); UT1-UTC (s); xp, yp of the pole (arcsec); series: B Bulletin B, I Bulletin A measured, P predicted.',
  ];
  const lines = rows.map(
    ({ mjd, ut1, xp, yp, series }) => `${mjd} ${ut1.toFixed(7)} ${xp.toFixed(6)} ${yp.toFixed(6)} ${series}`,
  );
  return [...header.map((line) => `# ${line}`), ...lines, ''].join('\n');
}

function refuseOlder(out, rows, leapSeconds) {
  const table = join(out, TABLE_NAME);
  if (existsSync(table)) {
    const present = Number(/Measured to MJD (\d+)/.exec(readFileSync(table, 'utf8'))?.[1] ?? 0);
    const offered = lastMeasured(rows).mjd;
    if (offered < present)
      throw new Refusal(
        `finals2000A: measured to ${isoDate(offered)}, older than the present table (${isoDate(present)})`,
      );
  }
  const leap = join(out, LEAP_NAME);
  if (existsSync(leap)) {
    const present = readLeapSeconds(readFileSync(leap, 'utf8')).expiresMjd;
    if (leapSeconds.expiresMjd < present)
      throw new Refusal(
        `${LEAP_NAME}: expires ${isoDate(leapSeconds.expiresMjd)}, before the present one (${isoDate(present)})`,
      );
  }
}

// Both files are on disk under temporary names before either takes its place, and each takes it by a rename.
function replaceFiles(out, texts) {
  const pending = Object.entries(texts).map(([name, text]) => ({
    path: join(out, name),
    temporary: join(out, `.${name}.new`),
    text,
  }));
  try {
    for (const { temporary, text } of pending) {
      const fd = openSync(temporary, 'w');
      writeSync(fd, text);
      fsyncSync(fd);
      closeSync(fd);
    }
    for (const { temporary, path } of pending) renameSync(temporary, path);
  } finally {
    for (const { temporary } of pending) rmSync(temporary, { force: true });
  }
}

function main(args) {
  const outAt = args.indexOf('--out');
  const out = outAt < 0 ? dirname(fileURLToPath(import.meta.url)) : resolve(args.splice(outAt, 2)[1] ?? '.');
  if (args.length !== 2) throw new Refusal(USAGE);
  const [finalsPath, leapPath] = args;
  const leapText = readFileSync(leapPath, 'utf8');
  const rows = readFinals(readFileSync(finalsPath === '-' ? 0 : finalsPath, 'utf8'));
  const leapSeconds = readLeapSeconds(leapText);
  checkRows(rows, leapSeconds);
  refuseOlder(out, rows, leapSeconds);
  replaceFiles(out, { [TABLE_NAME]: tableText(rows), [LEAP_NAME]: leapText });
  console.log(
    `${TABLE_NAME}: ${rows.length} days, measured to ${isoDate(lastMeasured(rows).mjd)}, predicted to ${isoDate(rows.at(-1).mjd)}`,
  );
  console.log(
    `${LEAP_NAME}: TAI-UTC ${leapSeconds.steps.at(-1).taiMinusUtc} s, expires ${isoDate(leapSeconds.expiresMjd)}`,
  );
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal) && !('syscall' in error)) throw error;
  console.error(`nothing changed: ${error.message}`);
  process.exitCode = 2;
}
