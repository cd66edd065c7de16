import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/workspace.js';

const css = readFileSync(join(root, 'src/web/styles/theme.css'), 'utf8');
const [, light = '', dark = ''] =
  /^:root \{(.*?)^\}.*?^:root\[data-theme="dark"\] \{(.*?)^\}/ms.exec(css) ?? [];
const colours = (block: string) =>
  new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]));

/** Relative luminance as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const HEAT = ['heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5'];
const RADIO = ['radio-1', 'radio-2', 'radio-3', 'radio-4'];
/** Each is drawn in a rim of the sky's colour. */
const MARKS = [
  'accent',
  'stopped',
  'outline',
  'trail-old',
  'trail-new',
  'galaxy',
  'calibrator',
  'source',
  'sun',
  'moon',
];
/** In the calendar an hour without an observation is sky, in the plot it is card. */
const DECLINATIONS = ['dec-1', 'dec-2', 'dec-3', 'dec-4', 'dec-5'];
const TEXTS = ['label', 'galaxy', 'calibrator', 'source', 'sun', 'moon', 'accent'];

for (const [theme, block] of [
  ['light', light],
  ['dark', dark],
] as const) {
  const known = colours(block);
  const check = (name: string, below: string, min: number) => {
    const [a, b] = [known.get(name), known.get(below)];
    assert.ok(a && b, `${theme}: ${name} on ${below} is not defined`);
    const ratio = contrast(a, b);
    assert.ok(ratio >= min, `${theme}: ${name} on ${below} has ${ratio.toFixed(2)}, needs ${min}`);
  };

  test(`${theme}: what carries meaning stands out from what lies below it`, () => {
    for (const mark of MARKS) check(mark, 'sky', 3);
    for (const level of HEAT) check('trail-new', level, 3);
    for (const text of TEXTS) check(text, 'sky', 4.5);
    for (const ground of ['card', 'page']) check('control', ground, 3);
    for (const ground of ['card', 'gap']) check('gap-line', ground, 3);
    // The edges of a selection in the plots, and the line of now.
    for (const ground of ['card', 'gap']) check('accent', ground, 3);
    for (const stop of DECLINATIONS) for (const ground of ['sky', 'card']) check(stop, ground, 3);
    check('muted', 'card', 4.5);
  });

  test(`${theme}: each level of the radio sky differs from the next, and even the highest is faint`, () => {
    for (const [i, level] of RADIO.entries()) check(level, RADIO[i - 1] ?? 'sky', 1.06);
    for (const mark of ['trail-new', 'galaxy', 'calibrator', 'source', 'accent']) check(mark, 'radio-4', 3);
  });

  test(`${theme}: each level of time in the beam differs from the next, and the lowest from the sky`, () => {
    for (const [i, level] of HEAT.entries()) check(level, HEAT[i - 1] ?? 'sky', 1.4);
  });
}
