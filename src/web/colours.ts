import { addressed, follow, remember } from './address.js';

const definitionOf = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** `#rrggbb` of styles/theme.css, where each theme defines colours by the same names. Kept until the theme changes. */
export function colour(name: string): string {
  const value = known.get(name) ?? hexOf(definitionOf(name));
  known.set(name, value);
  return value;
}
const known = new Map<string, string>();

/** Also of a mixture, and of the colours of the system. */
function hexOf(value: string): string {
  if (/^#[0-9a-f]{6}$/.test(value)) return value;
  const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  return hex([...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
}

const hex = (rgb: readonly number[]) =>
  `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

let knownFamily: string | undefined;
export function family(): string {
  knownFamily ??= definitionOf('font');
  return knownFamily;
}

/** Of a canvas. */
export const font = (px: number) => `${px}px ${family()}`;

export const HEAT_LEVELS = [1, 2, 3, 4, 5].map((level) => `heat-${level}`);

/** Between two colours, from 0 to 1. */
export function mixed(from: string, to: string, share: number): string {
  const [a, b] = [from, to].map((name) =>
    [1, 3, 5].map((at) => Number.parseInt(colour(name).slice(at, at + 2), 16)),
  );
  return hex((a as number[]).map((value, i) => value + (((b as number[])[i] as number) - value) * share));
}

type Listener = () => void;
const listeners: Listener[] = [];
export const onThemeChange = (listener: Listener) => listeners.push(listener);

const STORED_AS = 'pointing-monitor-theme';
/** A browser can be told to keep nothing. */
function kept(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}
function keep(theme: string): void {
  try {
    localStorage.setItem(STORED_AS, theme);
  } catch {
    // The address has it.
  }
}
const system = matchMedia('(prefers-color-scheme: dark)');
const print = matchMedia('print');
const forced = matchMedia('(forced-colors: active)');

/** Follows the system until the person chooses, here or by the address; the choice is kept. Paper is light. */
export function startTheme(button: HTMLButtonElement): void {
  // As the page was opened: Back leads there.
  const atFirst = kept();
  const apply = () => {
    const chosen = addressed('theme') ?? atFirst ?? (system.matches ? 'dark' : 'light');
    const theme = print.matches ? 'light' : chosen;
    known.clear();
    document.documentElement.dataset.theme = theme;
    button.setAttribute('aria-pressed', String(theme === 'dark'));
    for (const listener of listeners) listener();
  };
  for (const query of [system, print, forced]) query.addEventListener('change', apply);
  button.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    const theme = dark ? 'light' : 'dark';
    keep(theme);
    remember({ theme }, 'push');
    apply();
  });
  follow(['theme'], apply);
  apply();
}
