import type { MjdSpan } from '../data/range.js';
import type { Track } from '../data/track.js';

/** What the map and the plots show: the selection, or the whole range. */
export interface Seen {
  /** Both ends finite. */
  readonly span: MjdSpan;
  readonly track: Track;
  readonly from: number;
  readonly to: number;
}

/**
 * The content of a tab's panel, or nothing where it is in its place already. Called again when what is seen changes while the tab is
 * open, and when the panel itself asks for it.
 */
export type ShowPanel = (place: HTMLElement, seen: Seen, again: () => void) => Content | Promise<Content>;
// biome-ignore lint/suspicious/noConfusingVoidType: a panel may return nothing
type Content = readonly Node[] | void;
