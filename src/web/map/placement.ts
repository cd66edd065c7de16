import type { Place } from './projection.js';

/** Between texts side by side, pixels. */
const GAP_PX = 3;
/** By which rounding can make a text overlap what it stands on. */
const ROUNDING_PX = 1e-6;

/** Pixels of the page. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Align = 'left' | 'right' | 'center';
/** Where text begins, ends or has its middle; halfway up the line. */
export type Anchor = Place & { readonly align: Align };

/** Text that wants a place. */
export interface Wanted {
  readonly widthPx: number;
  /** The best first. */
  readonly anchors: readonly Anchor[];
}

/**
 * Gives each text the first of its anchors at which it lies inside the view and covers nothing: no box that is kept free and no text
 * before it. A text without such an anchor is left out. So the most important come first, and none gives way to one that follows.
 */
export function placed<Text extends Wanted>(
  texts: readonly Text[],
  keptFree: readonly Box[],
  view: Box,
  linePx: number,
): { readonly text: Text; readonly box: Box }[] {
  const taken = [...keptFree];
  const isFree = (box: Box) => isInside(box, view) && !taken.some((other) => overlaps(box, other));
  return texts.flatMap((text) => {
    for (const anchor of text.anchors) {
      const box = boxAt(anchor, text.widthPx, linePx);
      if (!isFree(box)) continue;
      taken.push(box);
      return [{ text, box }];
    }
    return [];
  });
}

/** Around a mark: to its right, its left, above and below; then the same a little higher, lower or to a side. */
export function anchorsBeside({ x, y }: Place, distancePx: number, linePx: number): Anchor[] {
  const half = linePx / 2;
  const [left, right] = [x - distancePx, x + distancePx];
  const [above, below] = [y - distancePx - half, y + distancePx + half];
  return [
    { x: right, y, align: 'left' },
    { x: left, y, align: 'right' },
    { x, y: above, align: 'center' },
    { x, y: below, align: 'center' },
    ...[y - half, y + half].flatMap((y): Anchor[] => [
      { x: right, y, align: 'left' },
      { x: left, y, align: 'right' },
    ]),
    ...[above, below].flatMap((y): Anchor[] => [
      { x, y, align: 'left' },
      { x, y, align: 'right' },
    ]),
  ];
}

function boxAt({ x, y, align }: Anchor, widthPx: number, linePx: number): Box {
  const left = align === 'left' ? x : align === 'right' ? x - widthPx : x - widthPx / 2;
  return { left, right: left + widthPx, top: y - linePx / 2, bottom: y + linePx / 2 };
}

const isInside = (box: Box, view: Box) =>
  box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom;

const overlaps = (a: Box, b: Box) =>
  a.left < b.right + GAP_PX &&
  b.left < a.right + GAP_PX &&
  a.top < b.bottom - ROUNDING_PX &&
  b.top < a.bottom - ROUNDING_PX;
