/** Which time the page shows. It lies in the address. */
import { addressed, follow, type How, remember } from './address.js';
import { nowMjd } from './data/clock.js';
import {
  type MjdSpan,
  type RangeName,
  rangeOf,
  spanOf,
  spanOfText,
  textOfSpan,
  union,
} from './data/range.js';

export interface Choice {
  readonly range: RangeName;
  /** Of the range "custom". */
  readonly custom: MjdSpan | undefined;
  /** The time that is selected. It can reach beyond the range, which moves on with the time. */
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

export const rememberBrush = (brush: MjdSpan | undefined, how: How) =>
  remember({ brush: brush && textOfSpan(brush) }, how);

/** Calls back when the person goes back or forth to an address with another choice. */
export const followChoice = (apply: (choice: Choice) => unknown) =>
  follow(['range', 'from', 'to', 'brush'], () => apply(choiceOfAddress()));

/** Dates are kept as the address holds them, to the second. */
export const customAsAddressed = (custom: MjdSpan | undefined) => custom && spanOfText(textOfSpan(custom));

export const rangeOfChoice = ({ range, custom }: Choice, newestMjd: number | undefined): MjdSpan =>
  spanOf(range, nowMjd(), newestMjd, custom);

/** The range, and the selection where it reaches beyond. */
export const spanOfChoice = (choice: Choice, newestMjd: number | undefined): MjdSpan =>
  union(choice.brush, rangeOfChoice(choice, newestMjd));
