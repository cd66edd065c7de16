import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';
import { shownFile } from '../native/addon.js';
import { earthOrientation, REFRESH_TABLES } from '../native/astrometry.js';
import { headers } from '../native/headers.js';
import { allCalibrators } from '../sky/calibrators.js';
import { doesNotLoad, otherNode } from '../store/sqlite/error.js';
import { isoOfMjdUtc, type MjdUtc } from '../units.js';
import { VERSION } from '../version.js';
import { type Check, failed, ok, warning } from './check.js';

const DATE_LENGTH = 10;
const REFRESH_DAYS = 60;
const date = (mjd: MjdUtc) => isoOfMjdUtc(mjd).slice(0, DATE_LENGTH);

/** What the program was linked with or found: name and version of each. */
export function versions(): [name: string, version: string][] {
  const { hdf5, erfa } = headers().versions;
  return [
    ['pointing-monitor', VERSION],
    ['Node', process.versions.node],
    ['libhdf5', hdf5],
    ['ERFA', erfa],
    ['SQLite', sqliteVersion()],
  ];
}

/** What the IERS table covers. */
export function earthOrientationSpan(): string {
  const { lastMjdUtc, lastMeasuredMjdUtc } = earthOrientation();
  return `measured to ${date(lastMeasuredMjdUtc)}, predicted to ${date(lastMjdUtc)}`;
}

function sqliteVersion(): string {
  const sqlite = new Database(':memory:');
  try {
    return sqlite.prepare<[], string>('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    sqlite.close();
  }
}

/** The program itself and the tables that come with it. */
export function checkInstallation(now: MjdUtc): Check[] {
  return [
    checkProgram(),
    ...checkSqlite(),
    checkEarthOrientation(now),
    checkLeapSeconds(now),
    ok('calibrators', `${allCalibrators().length} sources from the VLA list`),
  ];
}

function checkProgram(): Check {
  const name = 'program';
  try {
    const all = versions().map((each) => each.join(' '));
    return ok(name, all.join(', '));
  } catch (error) {
    if (doesNotLoad(error)) return failed(name, otherNode(error));
    throw error;
  }
}

const sqliteAddon = () =>
  createRequire(import.meta.url).resolve('better-sqlite3/build/Release/better_sqlite3.node');

/** From Node 24.19 on, objects that give cleanup hooks back abort the process at a garbage collection outside of JavaScript. */
export function checkSqlite(library = sqliteAddon()): Check[] {
  if (!readFileSync(library).includes('RemoveEnvironmentCleanupHook')) return [];
  const what = `it will crash the program sooner or later: compile it as ${shownFile('docs/systems.md')} says, or use Node 20 or 22`;
  return [failed('better-sqlite3', what)];
}

function checkEarthOrientation(now: MjdUtc): Check {
  const what = earthOrientationSpan();
  const left = Math.floor(earthOrientation().lastMjdUtc - now);
  if (left < 0) {
    return warning('IERS table', `${what}: right ascensions may be 13.5 arcsec off; ${REFRESH_TABLES}`);
  }
  return left < REFRESH_DAYS
    ? warning('IERS table', `${what}: it ends in ${left} days; ${REFRESH_TABLES}`)
    : ok('IERS table', what);
}

function checkLeapSeconds(now: MjdUtc): Check {
  const { leapSecondsExpireMjdUtc: end } = earthOrientation();
  return now > end
    ? warning('leap seconds', `the table ended on ${date(end)}: ${REFRESH_TABLES}`)
    : ok('leap seconds', `known to ${date(end)}`);
}
