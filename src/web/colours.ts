import { addressed, follow, remember } from './address.js';

/** Colours come from styles/theme.css, where the light and the dark theme define them by the same names. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const HEAT_LEVELS = [1, 2, 3, 4, 5].map((level) => `heat-${level}`);

/** Between two colours, from 0 to 1. */
export function mixed(from: string, to: string, share: number): string {
  const [a, b] = [rgb(colour(from)), rgb(colour(to))];
  return `rgb(${a.map((value, i) => Math.round(value + ((b[i] as number) - value) * share)).join(' ')})`;
}

/** `#rrggbb` as red, green and blue. */
function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

type Listener = () => void;
const listeners: Listener[] = [];
export const onThemeChange = (listener: Listener) => listeners.push(listener);

const STORED_AS = 'pointing-monitor-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Follows the system until the person chooses, here or by the address; the choice is kept. */
export function startTheme(button: HTMLButtonElement): void {
  const apply = () => {
    const theme =
      addressed('theme') ?? localStorage.getItem(STORED_AS) ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-pressed', String(theme === 'dark'));
    for (const listener of listeners) listener();
  };
  system.addEventListener('change', apply);
  button.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    localStorage.setItem(STORED_AS, dark ? 'light' : 'dark');
    remember({ theme: dark ? 'light' : 'dark' }, 'push');
    apply();
  });
  follow(['theme'], apply);
  apply();
}
