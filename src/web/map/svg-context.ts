import { pathRound } from 'd3-path';
import { svg } from '../element.js';
import type { Context } from './context.js';

/** Of coordinates, pixels. */
const DIGITS = 2;
/** From the middle of a line of text down to its baseline, in the size of the font. */
const MIDDLE_EM = '0.35em';

/** Draws as SVG what the map draws on a canvas. Of the state that `save` keeps, only the clip is restored. */
export class SvgContext implements Context {
  fillStyle = '#000000';
  strokeStyle = '#000000';
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  globalAlpha = 1;
  font = '';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  readonly #root: SVGElement;
  readonly #saved: SVGElement[] = [];
  #group: SVGElement;
  #path = pathRound(DIGITS);
  #dash: readonly number[] = [];

  /** In pixels; all text is of one family. */
  constructor(width: number, height: number, fontFamily: string) {
    const size = { width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` };
    this.#root = svg('svg', { ...size, 'font-family': fontFamily });
    this.#group = this.#root;
  }

  toString(): string {
    return `${new XMLSerializer().serializeToString(this.#root)}\n`;
  }

  save(): void {
    this.#saved.push(this.#group);
  }

  restore(): void {
    this.#group = this.#saved.pop() ?? this.#root;
  }

  /** To the path. */
  clip(): void {
    const id = `clip-${this.#root.querySelectorAll('clipPath').length}`;
    const group = svg('g', { 'clip-path': `url(#${id})` });
    this.#group.append(svg('clipPath', { id }, svg('path', { d: String(this.#path) })), group);
    this.#group = group;
  }

  beginPath(): void {
    this.#path = pathRound(DIGITS);
  }

  moveTo = (x: number, y: number) => this.#path.moveTo(x, y);
  lineTo = (x: number, y: number) => this.#path.lineTo(x, y);
  closePath = () => this.#path.closePath();
  rect = (x: number, y: number, width: number, height: number) => this.#path.rect(x, y, width, height);
  arc = (x: number, y: number, radius: number, from: number, to: number, isAnticlockwise = false) =>
    this.#path.arc(x, y, radius, from, to, isAnticlockwise);

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash;
  }

  fill(): void {
    this.#group.append(svg('path', { d: String(this.#path), ...this.#filled() }));
  }

  stroke(): void {
    const dash = this.#dash.length > 0 && { 'stroke-dasharray': this.#dash.join(' ') };
    this.#group.append(svg('path', { d: String(this.#path), ...this.#stroked(), ...dash }));
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#filled());
  }

  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#stroked());
  }

  measureText(text: string): TextMetrics {
    const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    context.font = this.font;
    return context.measureText(text);
  }

  #text(text: string, x: number, y: number, style: Readonly<Record<string, string>>): void {
    const place = {
      x: x.toFixed(DIGITS),
      y: y.toFixed(DIGITS),
      'font-size': String(Number.parseFloat(this.font)),
    };
    const lowered = this.textBaseline === 'middle' && { dy: MIDDLE_EM };
    this.#group.append(svg('text', { ...place, ...lowered, ...style }, text));
  }

  #filled = () => ({
    fill: this.fillStyle,
    ...(this.globalAlpha < 1 && { 'fill-opacity': String(this.globalAlpha) }),
  });

  #stroked = () => ({
    fill: 'none',
    stroke: this.strokeStyle,
    'stroke-width': String(this.lineWidth),
    'stroke-linejoin': this.lineJoin,
  });
}
