/**
 * `npm run pictures [STATE...]`: the page in each state, at each size and in both themes, into build/screenshots, to be looked at before
 * a release.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Status } from '#src/health/status.js';
import { loaded, openBrowser, screenshot } from '../helpers/browser.js';
import { sharedBy } from '../helpers/hosts.js';
import { type Made, madeObservation, storeObservations } from '../helpers/observations.js';
import { fillHistory, now, recordFiles, Server, writeStatus } from '../helpers/server.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const CADENCE_DAYS = 309 / 86_400;
const SIZES = [
  { name: '390', width: 390, height: 844 },
  { name: '768', width: 768, height: 1024 },
  { name: '1280', width: 1280, height: 800 },
  { name: '1440', width: 1440, height: 900 },
  { name: '1920', width: 1920, height: 1080 },
  { name: '2560', width: 2560, height: 1440 },
  { name: 'kiosk-1920', width: 1920, height: 1080 },
  { name: 'kiosk-2560', width: 2560, height: 1440 },
];

/** Up to some minutes ago: so many at each declination, with three hours of rest after the first. */
function made(dwells: readonly (readonly [rows: number, decDeg: number])[]): Made[] {
  const decs = dwells.flatMap(([rows, decDeg]) => Array.from({ length: rows }, () => decDeg));
  const [rested = 0] = dwells[0] ?? [];
  const end = now() - 0.003;
  return decs.map((decDeg, i) => ({
    mjd: end - (decs.length - 1 - i) * CADENCE_DAYS - (i < rested ? 0.125 : 0),
    decDeg,
  }));
}

/** A day, with the sub-bands of its last observations on disk, one of them incomplete. */
function madeDay({ incoming }: Workspace): Made[] {
  const all = made([
    [100, 33.2],
    [60, 71.6],
    [95, 54.57],
  ]).map((each, i) => ({ ...each, path: join(incoming, `${name(i)}_sb00.hdf5`) }));
  for (let i = all.length - 10; i < all.length; i++)
    for (let band = 0; band < (i === all.length - 3 ? 11 : 16); band++)
      writeFileSync(join(incoming, `${name(i)}_sb${String(band).padStart(2, '0')}.hdf5`), '');
  return all;
}

async function fillDay(place: Workspace): Promise<void> {
  const { productsDb, incoming } = place;
  await storeObservations(productsDb, madeDay(place));
  await recordFiles(productsDb, [
    {
      path: join(incoming, '2025-10-04T00:00:00_sb00.hdf5'),
      error: { code: 'no_declination', message: 'Header/phase_center_app_dec is missing' },
    },
  ]);
}
/** Of a file whose time does not matter. */
const name = (i: number) => new Date(Date.UTC(2025, 9, 1) + i * 309_000).toISOString().slice(0, 19);

const YEAR = [54.57, 16.24, -5, 30, 40, 71.6, 22, 10, 54.57, 16.24, 33.2, 61].map(
  (decDeg) => [8500, decDeg] as const,
);

/** The helpers end what they start when a test ends; here that is the end of the whole. */
const atEnd: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => atEnd.push(end) } as unknown as TestContext;

interface State {
  readonly range?: string;
  /** Gives the database, if it is another than the workspace's. */
  readonly prepare: (place: Workspace) => unknown;
  readonly isOffline?: boolean;
}

/** Of a monitor that has stored what is there. */
const counts = {
  metrics: {
    uptime_seconds: 93_784,
    files_succeeded: 255,
    files_failed: 1,
    recent_error_count: 1,
  } as Status['metrics'],
  reconciliation: {
    files_on_disk: 257,
    with_row: 255,
    waiting: 1,
    failed: 1,
    unaccounted: 0,
  } as Status['reconciliation'],
};

/** Of a monitor that has just been started. */
const noFiles = {
  metrics: {
    uptime_seconds: 40,
    files_succeeded: 0,
    files_failed: 0,
    recent_error_count: 0,
  } as Status['metrics'],
  reconciliation: {
    files_on_disk: 0,
    with_row: 0,
    waiting: 0,
    failed: 0,
    unaccounted: 0,
  } as Status['reconciliation'],
};

const STATES: Readonly<Record<string, State>> = {
  empty: { prepare: ({ statusFile }) => writeStatus(statusFile, noFiles) },
  day: {
    prepare: async (place) => {
      await fillDay(place);
      writeStatus(place.statusFile, counts);
    },
  },
  year: {
    range: 'all',
    prepare: ({ productsDb, statusFile }) => {
      fillHistory(
        productsDb,
        made(YEAR).map((each) => {
          const { timestamp, ra_deg, dec_deg } = madeObservation(each);
          return { timestamp, ra_deg, dec_deg };
        }),
      );
      writeStatus(statusFile, counts);
    },
  },
  stopped: {
    prepare: async (place) => {
      await fillDay(place);
      writeStatus(place.statusFile, { ...counts, running: false });
    },
  },
  stale: {
    prepare: async (place) => {
      await fillDay(place);
      writeStatus(place.statusFile, counts, 3600);
    },
  },
  unreachable: {
    isOffline: true,
    prepare: async (place) => {
      await fillDay(place);
      writeStatus(place.statusFile, counts);
    },
  },
  hosts: {
    prepare: (place) => {
      const issues = ['the disk is full: remove files or add space', '12 files are waiting for the database'];
      return sharedBy(
        context,
        { corr01: { ...counts, healthy: false, issues }, corr02: counts },
        madeDay(place),
      );
    },
  },
};

async function takeAll(state: string): Promise<void> {
  const { range = '24h', prepare, isOffline } = STATES[state] as State;
  const place = workspace(context);
  const productsDb = await prepare(place);
  const server = new Server(context, typeof productsDb === 'string' ? { productsDb } : place);
  const browser = await openBrowser(context);
  for (const { name: size, width, height } of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      const opened = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await opened.newPage();
      await page.goto(`${await server.url()}?range=${range}${size.startsWith('kiosk') ? '&kiosk' : ''}`);
      await loaded(page, range);
      await page.waitForLoadState('networkidle');
      if (isOffline) {
        await opened.setOffline(true);
        await page.locator('#banner').waitFor();
      }
      await page.waitForFunction(
        'document.getAnimations().every(({ effect }) => effect.getTiming().iterations > 1)',
      );
      await screenshot(page, `${state}-${size}-${colorScheme}`);
      await opened.close();
    }
}

try {
  const wanted = process.argv.slice(2);
  for (const state of wanted.length > 0 ? wanted : Object.keys(STATES)) await takeAll(state);
} finally {
  for (const end of atEnd.reverse()) await end();
}
