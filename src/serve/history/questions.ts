/** What the history in memory answers. Bodies of answers come as bytes, ready to be sent. */
import { Calendar, type HourOf } from '../../sky/calendar.js';
import { type CoverageBins, CoverageSum } from '../../sky/coverage.js';
import { GapFinder, HALF_OBSERVATION_DAYS } from '../../sky/gaps.js';
import { type MocForm, type MocKind, mocMaker } from '../../sky/moc/maker.js';
import { Feed } from '../../sky/observation-time.js';
import { degrees, isoOfMjdUtc, type MjdUtc, mjdUtc } from '../../units.js';
import { type Block, ROW, within } from './block.js';
import {
  type Outline,
  type OutlineQuestion,
  outline,
  type TrackPiece,
  type TrackPieceQuestion,
  trackPiece,
} from './track.js';

/** A range of times, both ends included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Questions {
  readonly calendar: Range & { readonly hourOf: HourOf };
  readonly coverage: Range & CoverageBins;
  readonly gaps: Partial<Range> & { readonly longerThanMinutes: number; readonly limit: number };
  readonly changes: Range & { readonly thresholdDeg: number; readonly limit: number };
  readonly moc: Range & { readonly kind: MocKind; readonly form: MocForm; readonly nearDecDeg?: number };
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

/** The most numbers in one answer: 3 MB of JSON. */
const MAX_CELLS = 200_000;

/** Of a map of sky and time: 5 MB of FITS or JSON, and some seconds. */
const MAX_MAP_CELLS = 1_500_000;
const DEC_TOLERANCE_DEG = 0.1;

/** Thrown where nobody waits for the answer any more. */
export class Abandoned extends Error {}

type Answerers = {
  readonly [Name in QuestionName]: (
    blocks: readonly Block[],
    question: Questions[Name],
    isAbandoned: () => boolean,
  ) => Replies[Name];
};

export const answerers: Answerers = { calendar, coverage, gaps, changes, moc, trackPiece, outline };

function calendar(
  blocks: readonly Block[],
  { start, end, hourOf }: Questions['calendar'],
  isAbandoned: () => boolean,
): Uint8Array {
  const calendar = new Calendar(hourOf);
  for (const rows of within(blocks, start, end)) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = 0; i < rows.length; i += ROW) calendar.add(rows[i] as number, rows[i + 2] as number);
  }
  const days = calendar.finish().map(({ mjdUtc, seconds, hourSeconds, hourDecDeg }) => ({
    mjd: mjdUtc,
    seconds: Math.round(seconds),
    hour_seconds: hourSeconds.map(Math.round),
    hour_dec_deg: hourDecDeg.map((decDeg) => decDeg && Math.round(decDeg * 1000) / 1000),
  }));
  return json({ hour_of: hourOf, days });
}

function coverage(
  blocks: readonly Block[],
  { start, end, ...bins }: Questions['coverage'],
  isAbandoned: () => boolean,
): Replies['coverage'] {
  const sum = new CoverageSum(bins);
  for (const rows of within(blocks, start, end)) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = 0; i < rows.length; i += ROW)
      sum.add(rows[i] as number, rows[i + 1] as number, rows[i + 2] as number);
    if (sum.cells > MAX_CELLS) return { cells: sum.cells };
  }
  const bands = sum.finish().bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => ({
    dec_min_deg: decMinDeg,
    dec_max_deg: decMaxDeg,
    seconds,
    ra_bin_seconds: raBinSeconds,
  }));
  const { decBinDeg, raBinDeg } = bins;
  return { body: json({ frame: 'apparent', dec_bin_deg: decBinDeg, ra_bin_deg: raBinDeg, bands }) };
}

function gaps(
  blocks: readonly Block[],
  { start, end, longerThanMinutes, limit }: Questions['gaps'],
  isAbandoned: () => boolean,
): Listed {
  const finder = new GapFinder(longerThanMinutes, { startMjdUtc: optional(start), endMjdUtc: optional(end) });
  let lastMjd: number | undefined;
  let nextMjd: number | undefined;
  const from = start === undefined ? Number.NEGATIVE_INFINITY : start - HALF_OBSERVATION_DAYS;
  const to = end === undefined ? Number.POSITIVE_INFINITY : end + HALF_OBSERVATION_DAYS;
  for (const rows of within(blocks, from, to)) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = 0; i < rows.length && nextMjd === undefined; i += ROW) {
      finder.add(rows[i] as number);
      // Goes on from the observation before the first gap that was left out.
      if (finder.found.length > limit) nextMjd = lastMjd;
      lastMjd = rows[i] as number;
    }
    if (nextMjd !== undefined) break;
  }
  const found = nextMjd === undefined ? finder.finish() : finder.found;
  if (nextMjd === undefined && found.length > limit) nextMjd = lastMjd;
  const items = found.slice(0, limit).map((gap) => ({
    from_mjd: gap.fromMjdUtc,
    to_mjd: gap.toMjdUtc,
    minutes: gap.minutes,
    open_at_start: gap.openAtStart,
    open_at_end: gap.openAtEnd,
  }));
  return { body: json({ items }), ...(nextMjd !== undefined && { nextMjd }) };
}

function changes(
  blocks: readonly Block[],
  { start, end, thresholdDeg, limit }: Questions['changes'],
  isAbandoned: () => boolean,
): Listed {
  const items: object[] = [];
  let last = Number.NaN;
  let lastMjd = Number.NaN;
  for (const rows of within(blocks, start, end)) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = 0; i < rows.length; i += ROW) {
      const decDeg = rows[i + 2] as number;
      if (Math.abs(decDeg - last) > thresholdDeg) {
        if (items.length === limit) return { body: json({ items }), nextMjd: lastMjd };
        const mjd = mjdUtc(rows[i] as number);
        items.push({ mjd, time_iso: isoOfMjdUtc(mjd), from_deg: last, to_deg: decDeg });
      }
      last = decDeg;
      lastMjd = rows[i] as number;
    }
  }
  return { body: json({ items }) };
}

function moc(
  blocks: readonly Block[],
  { start, end, kind, form, nearDecDeg }: Questions['moc'],
  isAbandoned: () => boolean,
): Replies['moc'] {
  const maker = mocMaker(kind);
  const rows = new Feed([maker.sink]);
  for (const block of within(blocks, start, end)) {
    if (isAbandoned()) throw new Abandoned();
    for (let i = 0; i < block.length; i += ROW) {
      const decDeg = block[i + 2] as number;
      if (nearDecDeg !== undefined && Math.abs(decDeg - nearDecDeg) > DEC_TOLERANCE_DEG) continue;
      const [timestamp, ra_deg, dec_deg] = [
        mjdUtc(block[i] as number),
        degrees(block[i + 1] as number),
        degrees(decDeg),
      ];
      rows.add({ timestamp, ra_deg, dec_deg });
    }
    if (maker.size() > MAX_MAP_CELLS) return { cells: maker.size() };
  }
  rows.finish();
  const { body } = maker.finish(form);
  return { body: typeof body === 'string' ? encoder.encode(body) : body };
}

const optional = (mjd: number | undefined): MjdUtc | undefined =>
  mjd === undefined ? undefined : mjdUtc(mjd);

const encoder = new TextEncoder();
const json = (answer: object) => encoder.encode(JSON.stringify(answer));
