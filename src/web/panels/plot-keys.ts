/** The plots by keyboard: arrows move the cursor from row to row, with Shift they select, Enter opens the row, Escape clears. */
export const PLOT_KEYS =
  'Arrow keys move from observation to observation, Page Up and Page Down further, with Shift they select; Enter opens the observation, Escape clears the selection.';

export interface PlotCursor {
  readonly count: number;
  /** The row under the cursor. */
  readonly at: number | undefined;
  moveTo(row: number): void;
  select(from: number, to: number): void;
  clear(): void;
  open(row: number): void;
}

const FAR_SHARE = 20;

/** `cursor` is asked at each key. */
export function listenToKeys(place: HTMLElement, cursor: () => PlotCursor): void {
  let anchor: number | undefined;
  place.addEventListener('keydown', (event) => {
    const { count, at, moveTo, select, clear, open } = cursor();
    if (count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = at ?? count - 1;
    const far = Math.max(1, Math.round(count / FAR_SHARE));
    const to = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      PageUp: from - far,
      PageDown: from + far,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (to !== undefined) {
      const row = Math.min(count - 1, Math.max(0, to));
      anchor = event.shiftKey ? (anchor ?? from) : undefined;
      moveTo(row);
      if (anchor !== undefined) select(Math.min(anchor, row), Math.max(anchor, row));
    } else if (event.key === 'Enter') open(from);
    else if (event.key === 'Escape') clear();
    else return;
    event.preventDefault();
  });
}
