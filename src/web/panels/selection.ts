import type { Choice } from '../choice.js';
import type { MjdSpan } from '../data/range.js';
import type { Track } from '../data/track.js';
import { byId } from '../element.js';
import { count, utc } from '../format.js';
import { scaleName, toTheMinute } from '../times.js';

let said: Choice | undefined;

/** How many observations are on show, from one index up to another, and why there are none. */
export function showSelection(
  track: Track,
  from: number,
  to: number,
  choice: Choice,
  newestMjd: number | undefined,
): void {
  const { brush } = choice;
  const text = selected(track, from, to, brush);
  byId('selection').textContent = text;
  // For a screen reader: another choice, not each observation that comes.
  if (choice !== said) byId('selection-said').textContent = text;
  said = choice;
  const empty = byId('empty');
  empty.hidden = to > from;
  empty.textContent =
    newestMjd === undefined
      ? 'No observations yet.'
      : `No observations in this time range. The newest is from ${utc(newestMjd)} UTC.`;
}

/** In place of rows, where there were none to be shown so far. */
export function showUnloaded(): void {
  byId('empty').hidden = false;
  byId('empty').textContent = 'The observations could not be loaded.';
}

function selected(track: Track, from: number, to: number, brush: MjdSpan | undefined): string {
  const isThinned = track.stride > 1;
  const number = isThinned && !brush ? track.observations : track.observationsIn(from, to);
  const rows = `${isThinned && brush ? '≈ ' : ''}${count(number)} observation${number === 1 ? '' : 's'}`;
  if (brush)
    return `${rows} selected, ${toTheMinute(brush.start)} to ${toTheMinute(brush.end)}${scaleName() === 'UTC' ? '' : ` ${scaleName()}`}`;
  return isThinned ? `${rows}, 1 in ${track.stride} drawn` : rows;
}
