/** What the history in memory answers. Bodies of answers come as bytes, ready to be sent. */
import { Calendar, type HourOf } from '../../sky/calendar.js';
import { type CoverageBins, CoverageOfRows } from '../../sky/coverage.js';
import { GAP_MARGIN_DAYS, GapFinder } from '../../sky/gaps.js';
import { kindAt, ROW, takenRow } from '../../sky/history/taken.js';
import type { Telescope } from '../../sky/instruments.js';
import { type MocForm, type MocKind, mocMaker } from '../../sky/moc/maker.js';
import { driftDegPerSecond, Feed } from '../../sky/observation-time.js';
import { isoOfMjdUtc, type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '../../units.js';
import { Abandoned, type AskedHistory, type Block, type Choice, chosenRows, within } from './block.js';
import {
  type Outline,
  type OutlineQuestion,
  outline,
  type TrackPiece,
  type TrackPieceQuestion,
  trackPiece,
} from './track.js';

export interface Questions {
  readonly calendar: Choice & { readonly hourOf: HourOf };
  readonly coverage: Choice & CoverageBins;
  readonly gaps: Partial<Choice> & { readonly longerThanMinutes: number; readonly limit: number };
  readonly changes: Choice & { readonly thresholdDeg: number; readonly limit: number };
  readonly moc: Choice & { readonly kind: MocKind; readonly form: MocForm; readonly nearDecDeg?: number };
  readonly trackPiece: TrackPieceQuestion;
  readonly outline: OutlineQuestion;
}

/** A list that was cut: `nextMjd` is where the rest begins. */
export interface Listed {
  readonly body: Uint8Array;
  readonly nextMjd?: number;
}

export interface Replies {
  readonly calendar: Uint8Array;
  /** `cells` where there would be more numbers than an answer can have. */
  readonly coverage: { readonly body: Uint8Array } | { readonly cells: number };
  readonly gaps: Listed;
  readonly changes: Listed;
  /** `cells` where the map would have more than an answer can have. */
  readonly moc: { readonly body: Uint8Array } | { readonly cells: number };
  readonly trackPiece: TrackPiece;
  readonly outline: Outline;
}

export type QuestionName = keyof Questions;

/** How many numbers one answer may have: 3 MB of JSON. */
const MAX_CELLS = 200_000;

/** Of a map of sky and time: 5 MB of FITS or JSON, and some seconds. */
const MAX_MAP_CELLS = 1_500_000;
const DEC_TOLERANCE_DEG = 0.1;

type Answerers = {
  readonly [Name in QuestionName]: (history: AskedHistory, question: Questions[Name]) => Replies[Name];
};

export const answerers: Answerers = { calendar, coverage, gaps, changes, moc, trackPiece, outline };

/** Visits the rows of a range of times, those of one telescope if it is named. Ends where the visitor says `false`. */
function visit(
  history: AskedHistory,
  wanted: Choice,
  visitor: (rows: Block, i: number, telescope: Telescope, seconds: number) => unknown,
): void {
  for (const rows of chosenRows(history, wanted)) {
    for (let i = 0; i < rows.length; i += ROW) {
      const telescope = history.instruments.telescopeOf(rows[i + 4]);
      if (visitor(rows, i, telescope, rows[i + 3] || telescope.observationSeconds) === false) return;
    }
  }
}

function calendar(history: AskedHistory, { hourOf, ...rows }: Questions['calendar']): Uint8Array {
  const calendar = new Calendar(hourOf);
  visit(history, rows, (row, i, telescope, seconds) =>
    calendar.add(row[i] as number, row[i + 2] as number, seconds, telescope),
  );
  const days = calendar.finish().map(({ mjdUtc, seconds, hourSeconds, hourDecDeg }) => ({
    mjd: mjdUtc,
    seconds: Math.round(seconds),
    hour_seconds: hourSeconds.map(Math.round),
    hour_dec_deg: hourDecDeg.map((decDeg) => decDeg && Math.round(decDeg * 1000) / 1000),
  }));
  return json({ hour_of: hourOf, days });
}

function coverage(
  history: AskedHistory,
  { decBinDeg, raBinDeg, ...rows }: Questions['coverage'],
): Replies['coverage'] {
  const sums = new Map<Telescope, CoverageOfRows>();
  let last: Telescope | undefined;
  let sum: CoverageOfRows | undefined;
  visit(history, rows, (row, i, telescope, seconds) => {
    if (telescope !== last || !sum) {
      last = telescope;
      sum = sums.get(telescope) ?? new CoverageOfRows({ decBinDeg, raBinDeg });
      sums.set(telescope, sum);
    }
    const degPerSecond = driftDegPerSecond(kindAt(row, i));
    sum.add(row[i] as number, row[i + 1] as number, row[i + 2] as number, seconds, degPerSecond);
    return sum.cells <= MAX_CELLS;
  });
  const cells = [...sums.values()].reduce((all, each) => all + each.cells, 0);
  if (cells > MAX_CELLS) return { cells };
  const bands = [...sums].flatMap(([{ name }, each]) =>
    each.finish().bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => ({
      dec_min_deg: decMinDeg,
      dec_max_deg: decMaxDeg,
      seconds,
      ra_bin_seconds: raBinSeconds,
      instrument: name,
    })),
  );
  return { body: json({ frame: 'apparent', dec_bin_deg: decBinDeg, ra_bin_deg: raBinDeg, bands }) };
}

function gaps(
  history: AskedHistory,
  { start, end, longerThanMinutes, limit, instrument }: Questions['gaps'],
): Listed {
  const finder = new GapFinder(longerThanMinutes, { startMjdUtc: optional(start), endMjdUtc: optional(end) });
  const longestHalfDays = history.instruments.longestSeconds / 2 / SECONDS_PER_DAY;
  /** By the start of a gap, the observation before it. */
  const before = new Map<number, number | undefined>();
  let lastMjd: number | undefined;
  let isLeftOut = false;
  let nextMjd: number | undefined;
  const range = {
    start: (start ?? Number.NEGATIVE_INFINITY) - GAP_MARGIN_DAYS,
    end: (end ?? Number.POSITIVE_INFINITY) + GAP_MARGIN_DAYS,
    instrument,
  };
  visit(history, range, (row, i, _, seconds) => {
    const mjd = row[i] as number;
    const count = finder.found.length;
    finder.add(mjd, seconds);
    const newest = finder.found.at(-1);
    if (newest && finder.found.length > count) before.set(newest.fromMjdUtc, lastMjd);
    if (end === undefined || mjd <= end) lastMjd = mjd;
    // No later observation begins before it.
    isLeftOut = (finder.found[limit]?.fromMjdUtc ?? mjd) < mjd - longestHalfDays;
    return !isLeftOut;
  });
  const found = isLeftOut ? finder.found : finder.finish();
  // Goes on from the observation before the first gap that was left out.
  const leftOut = found[limit];
  if (leftOut) nextMjd = before.get(leftOut.fromMjdUtc) ?? lastMjd;
  const items = found.slice(0, limit).map((gap) => ({
    from_mjd: gap.fromMjdUtc,
    to_mjd: gap.toMjdUtc,
    minutes: gap.minutes,
    open_at_start: gap.openAtStart,
    open_at_end: gap.openAtEnd,
  }));
  return { body: json({ items }), ...(nextMjd !== undefined && { nextMjd }) };
}

function changes(history: AskedHistory, { thresholdDeg, limit, ...rows }: Questions['changes']): Listed {
  const items: object[] = [];
  const lastDecDeg = declinationsBefore(history, rows);
  let nextMjd: number | undefined;
  visit(history, rows, (row, i, telescope) => {
    const mjd = mjdUtc(row[i] as number);
    const toDeg = row[i + 2] as number;
    const fromDeg = lastDecDeg.get(telescope);
    if (fromDeg === toDeg) return true;
    lastDecDeg.set(telescope, toDeg);
    if (fromDeg === undefined || Math.abs(toDeg - fromDeg) <= thresholdDeg) return true;
    if (items.length === limit) {
      nextMjd = mjd;
      return false;
    }
    items.push({
      mjd,
      time_iso: isoOfMjdUtc(mjd),
      from_deg: fromDeg,
      to_deg: toDeg,
      instrument: telescope.name,
    });
    return true;
  });
  return { body: json({ items }), ...(nextMjd !== undefined && { nextMjd }) };
}

/** Where each telescope pointed last before a range: its first observation there can be a change. */
function declinationsBefore(
  { blocks, instruments, isAbandoned }: AskedHistory,
  { start, instrument }: Choice,
): Map<Telescope, number> {
  const wanted = new Set(instruments.all.filter(({ name }) => (instrument ?? name) === name));
  const found = new Map<Telescope, number>();
  for (const rows of [...within(blocks, Number.NEGATIVE_INFINITY, start)].reverse()) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = rows.length - ROW; i >= 0; i -= ROW) {
      if (wanted.size === 0) return found;
      const telescope = instruments.telescopeOf(rows[i + 4]);
      if ((rows[i] as number) < start && wanted.delete(telescope))
        found.set(telescope, rows[i + 2] as number);
    }
  }
  return found;
}

function moc(history: AskedHistory, { kind, form, nearDecDeg, ...wanted }: Questions['moc']): Replies['moc'] {
  const maker = mocMaker(kind);
  const rows = new Feed(history.instruments, () => [maker.sink]);
  visit(history, wanted, (row, i, _, seconds) => {
    const decDeg = row[i + 2] as number;
    if (nearDecDeg !== undefined && Math.abs(decDeg - nearDecDeg) > DEC_TOLERANCE_DEG) return true;
    rows.add({ ...takenRow(row, i), durationSeconds: seconds });
    return maker.size() <= MAX_MAP_CELLS;
  });
  if (maker.size() > MAX_MAP_CELLS) return { cells: maker.size() };
  rows.finish();
  const { body } = maker.finish(form);
  return { body: typeof body === 'string' ? encoder.encode(body) : body };
}

const optional = (mjd: number | undefined): MjdUtc | undefined =>
  mjd === undefined ? undefined : mjdUtc(mjd);

const encoder = new TextEncoder();
const json = (answer: object) => encoder.encode(JSON.stringify(answer));
