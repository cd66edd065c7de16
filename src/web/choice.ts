/** Which time the page shows. It lies in the address. */
import { addressed, follow, remember } from './address.js';
import type { MjdSpan } from './data/api.js';
import { nowMjd } from './data/clock.js';
import { type RangeName, rangeOf, spanOf, spanOfText, textOfSpan } from './data/range.js';

export interface Choice {
  readonly range: RangeName;
  /** Of the range "custom". */
  readonly custom: MjdSpan | undefined;
  /** The part that is selected. */
  readonly brush: MjdSpan | undefined;
}

export const choiceOfAddress = (): Choice => ({
  range: rangeOf(addressed('range')),
  custom: spanOfText(`${addressed('from')},${addressed('to')}`),
  brush: spanOfText(addressed('brush')),
});

export function rememberChoice({ range, custom, brush }: Choice, how: 'push' | 'replace'): void {
  const [from, to] = custom ? textOfSpan(custom).split(',') : [];
  remember({ range, from, to, brush: brush && textOfSpan(brush) }, how);
}

export const rememberBrush = (brush: MjdSpan | undefined) =>
  remember({ brush: brush && textOfSpan(brush) }, 'push');

/** Calls back when the person goes back or forth to an address with another choice. */
export const followChoice = (apply: (choice: Choice) => unknown) =>
  follow(['range', 'from', 'to', 'brush'], () => apply(choiceOfAddress()));

/** Dates are kept as the address holds them, to the second. */
export const customAsAddressed = (custom: MjdSpan | undefined) => custom && spanOfText(textOfSpan(custom));

export const spanOfChoice = ({ range, custom }: Choice, newestMjd: number | undefined): MjdSpan =>
  spanOf(range, nowMjd(), newestMjd, custom);
