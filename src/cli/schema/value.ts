import { UsageError } from '../../errors.js';
import { escapeControls } from '../../log/plain-line.js';
import { publicName } from '../../store/location.js';
import { nearest } from './nearest.js';
import { parseTime } from './time.js';
import type { ChoiceValue, NumberValue, TimeSpan, Value } from './types.js';

/** PATH_MAX, to which nothing that a flag takes comes near. */
const MAX_LENGTH = 4096;
const SHOWN_LENGTH = 60;
/** A number as people write it. */
export const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What was typed, as a message can show it: short, without control characters and without a password. */
export function shown(text: string): string {
  const safe = escapeControls(publicName(text));
  return safe.length > SHOWN_LENGTH ? `${safe.slice(0, SHOWN_LENGTH)}...` : safe;
}

/** The value that a text stands for; `name` is that of the flag, positional or variable. Throws a UsageError. */
export function parseValue(value: Value, text: string, name: string): string | number | TimeSpan {
  if (text.trim() === '') throw new UsageError(`${name} is empty: ${expected(value)}`);
  if (text.length > MAX_LENGTH)
    throw new UsageError(`${name} ${shown(text)} is longer than ${MAX_LENGTH} characters`);
  if (text.includes('\0')) throw new UsageError(`${name} ${shown(text)} contains a NUL character`);
  switch (value.kind) {
    case 'text':
      return text;
    case 'number':
      return text === value.word ? text : number(value, text, name);
    case 'choice':
      return choice(value, text, name);
    case 'time':
      return parseTime(text, `${name} ${shown(text)}`);
  }
}

function number(value: NumberValue, text: string, name: string): number {
  const parsed = NUMBER.test(text) ? Number(text) : Number.NaN;
  const whole = !value.whole || Number.isInteger(parsed);
  if (!(whole && parsed >= value.min && parsed <= value.max))
    throw new UsageError(`${name} ${shown(text)}: ${expected(value)}`);
  return parsed;
}

function choice(value: ChoiceValue, text: string, name: string): string {
  const same = (each: string) =>
    value.ignoresCase ? each.toLowerCase() === text.toLowerCase() : each === text;
  const found = value.choices.find(same);
  if (found !== undefined) return found;
  const [, meant] = Object.entries(value.synonyms ?? {}).find(([each]) => same(each)) ?? [];
  if (meant !== undefined) return meant;
  const near = nearest(text, value.choices);
  const question = near === undefined ? '' : `. Did you mean ${near}?`;
  throw new UsageError(`${name} ${shown(text)}: ${expected(value)}${question}`);
}

function expected(value: Value): string {
  switch (value.kind) {
    case 'text':
      return `expected ${value.value}`;
    case 'number':
      return `expected ${value.word === undefined ? '' : `${value.word} or `}a ${value.whole ? 'whole ' : ''}number from ${value.min} to ${value.max}`;
    case 'choice':
      return `expected ${value.choices.slice(0, -1).join(', ')} or ${value.choices.at(-1)}`;
    case 'time':
      return 'expected a date or time';
  }
}
