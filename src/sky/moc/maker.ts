import { MINUTES_PER_DAY } from '../../units.js';
import { Footprint } from '../footprint.js';
import type { RowSink } from '../observation-time.js';
import { mocFits, spaceTimeFits, timeFits } from './fits.js';
import { areaDeg2, mocJson, mocOf, spaceTimeJson, spaceTimeOf } from './moc.js';
import { SPACE_ORDER, SpaceTimeCells, TIME_ORDER as TIME_ORDER_WITH_SPACE } from './space-time.js';
import { TIME_ORDER, TimeCells } from './time.js';

/** What a coverage map says of observations: which sky, when, or which sky when. */
export const mocKinds = ['space', 'time', 'space-time'] as const;
export type MocKind = (typeof mocKinds)[number];
export type MocForm = 'fits' | 'json';

/** Rows become a coverage map. */
export interface MocMaker {
  /** Takes the rows, oldest first. */
  readonly sink: RowSink;
  /** How many cells the map has so far, where it has more for more observations. */
  size(): number;
  /** The map, after the last row, and what to say of it. */
  finish(form: MocForm): { readonly body: string | Uint8Array; readonly words: string };
}

const MINUTES_PER_TIME_CELL = 2 ** (61 - TIME_ORDER) / 60e6;

const makers: Readonly<Record<MocKind, () => MocMaker>> = {
  space() {
    const sink = new Footprint();
    return {
      sink,
      size: () => 0,
      finish(form) {
        const moc = mocOf(sink.cells());
        const body = form === 'fits' ? mocFits(moc) : mocJson(moc);
        return { body, words: `${areaDeg2(moc).toFixed(1)} square degrees, order ${moc.order}` };
      },
    };
  },
  time() {
    const sink = new TimeCells();
    return {
      sink,
      size: () => sink.cells.size,
      finish(form) {
        const cells = [...sink.cells].sort((a, b) => a - b);
        const body =
          form === 'fits'
            ? timeFits(cells, TIME_ORDER)
            : mocJson(mocOf({ order: TIME_ORDER, cells: sink.cells }, 'time'));
        const days = (cells.length * MINUTES_PER_TIME_CELL) / MINUTES_PER_DAY;
        return { body, words: `${days.toFixed(1)} days, order ${TIME_ORDER}` };
      },
    };
  },
  'space-time'() {
    const sink = new SpaceTimeCells();
    return {
      sink,
      size: () => sink.size,
      finish(form) {
        sink.flush();
        const map = spaceTimeOf(sink.byTime, TIME_ORDER_WITH_SPACE, SPACE_ORDER);
        const body = form === 'fits' ? spaceTimeFits(map) : spaceTimeJson(map);
        const words = `${sink.size} cells, orders ${TIME_ORDER_WITH_SPACE} (time) and ${SPACE_ORDER} (HEALPix)`;
        return { body, words };
      },
    };
  },
};

export const mocMaker = (kind: MocKind): MocMaker => makers[kind]();
