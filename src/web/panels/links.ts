/** Links that open something on this page, by click, by keyboard, or in another tab. */
import { type Address, addressWith } from '../address.js';
import { textOfSpan } from '../data/range.js';
import { element } from '../element.js';
import { dateTime } from '../times.js';

type Follow = (value: string) => unknown;
const openers = new Map<string, Follow>();

/** What a link with this name in the address does. */
export const onLink = (name: 'at' | 'find' | 'brush', open: Follow) => openers.set(name, open);

const link = (values: Address, text: string, label?: string) => {
  const [[name, value]] = Object.entries(values) as [[string, string]];
  return element(
    'a',
    {
      href: addressWith(values),
      'data-opens': name,
      'data-value': value,
      ...(label && { 'aria-label': label }),
    },
    text,
  );
};

/** A day's ten-thousandth part of a second. */
const DIGITS = 9;

/** Opens an observation. */
export const observationLink = (mjd: number, text = dateTime(mjd)) => link({ at: mjd.toFixed(DIGITS) }, text);
/** For a row of a table: a click anywhere in it opens the observation. */
export const opensObservation = (mjd: number) => ({ 'data-opens': 'at', 'data-value': mjd.toFixed(DIGITS) });
/** Searches for a name. */
export const sourceLink = (name: string, text = name) => link({ find: name }, text);
/** For a row: a click anywhere in it selects the time. */
export const selects = (start: number, end: number) => ({
  'data-opens': 'brush',
  'data-value': textOfSpan({ start, end }),
});
/** Selects a time in the plots. */
export const spanLink = (start: number, end: number, text: string, label: string) =>
  link({ brush: textOfSpan({ start, end }) }, text, label);

document.addEventListener('click', (event) => {
  const from = (event.target as Element).closest<HTMLElement>('[data-opens]');
  const open = from && openers.get(from.dataset.opens as string);
  if (!open || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // Text that is being selected is not a click.
  if (from.tagName === 'TR' && getSelection()?.isCollapsed === false) return;
  event.preventDefault();
  open(from.dataset.value as string);
});
