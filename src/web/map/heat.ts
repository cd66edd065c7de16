import { colour, HEAT_LEVELS } from '../colours.js';
import { exposureOf } from '../data/exposure.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import type { Track } from '../data/track.js';
import { cellsInBeam } from './beam-cells.js';
import { type Block, blocksOf, blocksOfLevels, DEC_BINS, RA_BINS } from './blocks.js';
import type { Context } from './context.js';
import { Outlines } from './outlines.js';
import type { SkyProjection } from './projection.js';

const RIM_PX = 2;
/** Seconds in the beam at which each level begins. */
const LEVEL_FROM_SECONDS = [1, 600, 1800, 7200, 28_800];
export const LEVEL_WORDS = ['< 10 min', '10–30 min', '0.5–2 h', '2–8 h', '> 8 h'];

const NOTHING = { seen: [], levels: [] };

/** Time in the beam, by cell of the sky in ICRS. */
export class Heat {
  #seconds = new Float32Array(RA_BINS * DEC_BINS);
  /** While no time was added: of all cells that were seen, and of each level. */
  #blocks: { readonly seen: readonly Block[]; readonly levels: readonly (readonly Block[])[] } | undefined =
    NOTHING;

  clear(): void {
    this.#seconds.fill(0);
    this.#blocks = NOTHING;
  }

  /** Adds the rows from one index up to another. */
  add(track: Track, from: number, to: number): void {
    this.#blocks = undefined;
    for (let i = from; i < to; i++) {
      const raDeg = track.raIcrsDeg(i);
      if (Number.isNaN(raDeg)) continue;
      cellsInBeam(exposureOf(track, i, raDeg), track.decIcrsDeg(i), BEAM_RADIUS_DEG, (cell, seconds) => {
        this.#seconds[cell] = (this.#seconds[cell] as number) + seconds;
      });
    }
  }

  /** Each level over those below it. A rim of the sky's colour sets all off from a background. */
  draw(context: Context, projection: SkyProjection, isRimmed: boolean): void {
    this.#blocks ??= this.#blocksNow();
    const outlines = new Outlines(context, projection);
    if (isRimmed) {
      outlines.trace(this.#blocks.seen);
      context.strokeStyle = colour('sky');
      context.lineWidth = 2 * RIM_PX;
      context.stroke();
    }
    for (const [level, blocks] of this.#blocks.levels.entries()) {
      outlines.trace(blocks);
      context.fillStyle = colour(HEAT_LEVELS[level] as string);
      context.fill();
    }
  }

  #blocksNow() {
    const levels = Uint8Array.from(
      this.#seconds,
      (seconds) => LEVEL_FROM_SECONDS.filter((min) => seconds >= min).length,
    );
    return {
      seen: blocksOf((cell) => levels[cell] !== 0),
      levels: blocksOfLevels(levels, LEVEL_FROM_SECONDS.length),
    };
  }
}
