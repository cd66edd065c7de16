import type { Gap } from '../data/api.js';
import { byId } from '../element.js';
import { duration, utc } from '../format.js';

const NAMED = 3;

/** The longest times without an observation within the range, in one line. */
export function showGaps(gaps: readonly Gap[]): void {
  const longest = [...gaps].sort((a, b) => b.minutes - a.minutes).slice(0, NAMED);
  const named = longest.map(
    ({ from_mjd, minutes }) => `${duration(minutes * 60)} from ${utc(from_mjd).slice(0, 16)}`,
  );
  byId('gaps').textContent =
    gaps.length === 0
      ? 'No gap of more than 30 min.'
      : `${gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`} of more than 30 min${gaps.length > NAMED ? ', the longest' : ''}: ${named.join(', ')} UTC.`;
}
