import type { Gap } from '../data/api.js';
import { byId } from '../element.js';
import { duration, utc } from '../format.js';

const NAMED = 3;

/** The longest times without an observation within the range, in one line. A history without a row has no gaps. */
export function showGaps(gaps: readonly Gap[], hasRows: boolean): void {
  byId('gaps').textContent = hasRows ? inWords(gaps) : '';
}

function inWords(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return 'No gaps longer than 30 min.';
  const longest = [...gaps].sort((a, b) => b.minutes - a.minutes).slice(0, NAMED);
  const all = gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`;
  const part = gaps.length > NAMED ? ', including' : '';
  return `${all} longer than 30 min${part}: ${longest.map(named).join('; ')}. Times are UTC.`;
}

/** A gap at an edge of the range can be longer than what lies within the range. */
function named({ from_mjd, minutes, open_at_start, open_at_end }: Gap): string {
  const atLeast = open_at_start || open_at_end ? 'at least ' : '';
  const from = `${open_at_start ? 'before ' : ''}${utc(from_mjd).slice(0, 16)}`;
  return `${atLeast}${duration(minutes * 60)} from ${from}${open_at_end ? ', still open at the end of the range' : ''}`;
}
