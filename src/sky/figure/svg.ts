import { escapeXml } from '../xml.js';

type Attributes = Readonly<Record<string, string | number>>;

/** Two decimals: a hundredth of a pixel. */
const written = (value: string | number) =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : escapeXml(value);

/** An element of SVG. Content is markup, made by these functions. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${written(value)}"`);
  return content ? `<${name}${pairs.join('')}>${content}</${name}>` : `<${name}${pairs.join('')}/>`;
}

export const text = (x: number, y: number, words: string, attributes: Attributes = {}) =>
  element('text', { x, y, fill: 'currentColor', ...attributes }, escapeXml(words));

export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}) =>
  element('line', { x1, y1, x2, y2, stroke: 'currentColor', ...attributes });

export const rect = (x: number, y: number, width: number, height: number, attributes: Attributes, tip = '') =>
  element('rect', { x, y, width, height, ...attributes }, tip && element('title', {}, escapeXml(tip)));
