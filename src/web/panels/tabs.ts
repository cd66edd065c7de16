import { addressed, follow, remember } from '../address.js';
import type { Attempt } from '../attempt.js';
import { onThemeChange } from '../colours.js';
import { isUnreachable } from '../data/connection.js';
import { byId, element, renew } from '../element.js';
import { oneAtATime } from '../one-at-a-time.js';
import { part } from '../part.js';
import { onTimeScaleChange } from '../times.js';
import type { Seen, ShowPanel } from './panel.js';

const panels: Readonly<Record<string, () => Promise<{ readonly show: ShowPanel }>>> = {
  coverage: () => import('./coverage.js'),
  calendar: () => import('./calendar.js'),
  meridian: () => import('./meridian.js'),
  dwells: () => import('./dwells.js'),
  observations: () => import('./observations.js'),
  failures: () => import('./failures.js'),
  search: () => import('./search.js'),
};
const names = Object.keys(panels);
const DEFAULT = 'coverage';

/** The tables below the plots. The one that is open is loaded first, then the others, while the server is there to give them. */
export class Tabs {
  readonly #attempt: Attempt;
  readonly #fillers = new Map(names.map((name) => [name, oneAtATime(() => this.#fill(name))]));
  #open = DEFAULT;
  /** The open one shows what was asked for. */
  #isFilled = false;
  #seen: Seen | undefined;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
    for (const name of names) {
      byId(`panel-${name}`).tabIndex = 0;
      const tab = byId(`tab-${name}`);
      tab.addEventListener('click', () => this.open(name));
      tab.addEventListener('keydown', (event) => this.#move(event, name));
    }
    follow(['tab'], () => this.follow());
    follow(['hours'], () => this.fillAgain('calendar'));
    onThemeChange(() => this.refresh());
    onTimeScaleChange(() => this.refresh());
    this.follow();
  }

  /** Opens the tab that the address names. */
  follow(): void {
    this.#mark(names.find((name) => name === addressed('tab')) ?? DEFAULT);
  }

  open(name: string): void {
    remember({ tab: name === DEFAULT ? undefined : name }, 'push');
    this.#mark(name);
  }

  show(seen: Seen): void {
    this.#seen = seen;
    this.refresh();
  }

  /** The open one, or one that may be. */
  refresh(name = this.#open): void {
    if (this.#seen && name === this.#open)
      void this.#attempt('table', this.#fillers.get(name) as () => Promise<void>);
  }

  /** Asks again for what the open one could not show. */
  retry(): void {
    if (!this.#isFilled) this.refresh();
  }

  /** Another content of it is asked for. */
  fillAgain(name: string): void {
    if (name === this.#open) this.#isFilled = false;
    this.refresh(name);
  }

  async #fill(name: string): Promise<void> {
    const place = byId(`panel-${name}`);
    try {
      const { show } = await part(panels[name] as (typeof panels)[string]);
      if (name !== this.#open) return;
      const content = await show(place, this.#seen as Seen, () => this.fillAgain(name));
      if (content) renew(place, ...content);
      this.#isFilled ||= name === this.#open;
      for (const load of Object.values(panels)) void load().catch(() => undefined);
    } catch (error) {
      // What it shows already stays, dimmed as all the page.
      if (isUnreachable() && name === this.#open && !this.#isFilled)
        renew(place, element('p', { class: 'muted' }, 'The server is unreachable.'));
      throw error;
    }
  }

  #mark(open: string): void {
    this.#open = open;
    this.#isFilled = false;
    for (const name of names) {
      const tab = byId(`tab-${name}`);
      tab.setAttribute('aria-selected', String(name === open));
      tab.tabIndex = name === open ? 0 : -1;
      byId(`panel-${name}`).hidden = name !== open;
    }
    this.refresh();
  }

  #move(event: KeyboardEvent, from: string): void {
    const at = names.indexOf(from);
    const to = {
      ArrowLeft: (at + names.length - 1) % names.length,
      ArrowRight: (at + 1) % names.length,
      Home: 0,
      End: names.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(names[to] as string);
    byId(`tab-${names[to]}`).focus();
  }
}
