import { addressed, follow, remember } from './address.js';

/** Colours come from styles/theme.css, where each theme defines them by the same names. Kept until the theme changes. */
export function colour(name: string): string {
  const value =
    known.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  known.set(name, value);
  return value;
}
const known = new Map<string, string>();

export const HEAT_LEVELS = [1, 2, 3, 4, 5].map((level) => `heat-${level}`);

/** Between two colours, from 0 to 1. */
export const mixed = (from: string, to: string, share: number): string =>
  `color-mix(in srgb, ${colour(to)} ${Math.round(share * 100)}%, ${colour(from)})`;

type Listener = () => void;
const listeners: Listener[] = [];
export const onThemeChange = (listener: Listener) => listeners.push(listener);

const STORED_AS = 'pointing-monitor-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const print = matchMedia('print');
const forced = matchMedia('(forced-colors: active)');

/** Follows the system until the person chooses, here or by the address; the choice is kept. Paper is light. */
export function startTheme(button: HTMLButtonElement): void {
  const apply = () => {
    const chosen =
      addressed('theme') ?? localStorage.getItem(STORED_AS) ?? (system.matches ? 'dark' : 'light');
    const theme = print.matches ? 'light' : chosen;
    known.clear();
    document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-pressed', String(theme === 'dark'));
    for (const listener of listeners) listener();
  };
  for (const query of [system, print, forced]) query.addEventListener('change', apply);
  button.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    localStorage.setItem(STORED_AS, dark ? 'light' : 'dark');
    remember({ theme: dark ? 'light' : 'dark' }, 'push');
    apply();
  });
  follow(['theme'], apply);
  apply();
}
