/**
 * The whole view lies in the page's address, so that it can be shared, reloaded and gone back to. Deliberate acts push an entry of the
 * browser's history; what goes on all the time, as panning does, replaces the one that is there.
 */
const names = [
  'range',
  'from',
  'to',
  'brush',
  'map',
  'layers',
  'flux',
  'tab',
  'at',
  'find',
  'telescope',
  'theme',
  'times',
  'hours',
  'kiosk',
] as const;
export type AddressName = (typeof names)[number];
export type Address = { readonly [Name in AddressName]?: string | undefined };

const RANGE_OF_FORMER_ADDRESSES = /^#(1h|24h|7d|30d|all)$/;

function read(): Address {
  const parameters = new URLSearchParams(location.search);
  const [, range] = RANGE_OF_FORMER_ADDRESSES.exec(location.hash) ?? [];
  const found: { [Name in AddressName]?: string } = range === undefined ? {} : { range };
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null) found[name] = value;
  }
  return found;
}

/** As little as possible is escaped: people read addresses. */
const write = (address: Address): string =>
  names
    .flatMap((name) => {
      const value = address[name];
      if (value === undefined) return [];
      return value === ''
        ? [name]
        : [`${name}=${encodeURIComponent(value).replace(/%(2C|3A|20)/g, readable)}`];
    })
    .join('&');
const readable = (_: string, code: string) => ({ '2C': ',', '3A': ':', '20': '+' })[code] as string;

let current = read();
const followers: [readonly AddressName[], () => unknown][] = [];

export const addressed = (name: AddressName): string | undefined => current[name];

/** The address of the page with some values changed; undefined leaves one out. */
export function addressWith(values: Address): string {
  const query = write({ ...current, ...values });
  return query === '' ? location.pathname : `?${query}`;
}

/** `key`: a key that may be pressed again and again, so that only the first of several pushes. */
export type How = 'push' | 'replace' | 'key';

/** Keys that follow one another within this time are one act. */
const KEYS_APART_MS = 1000;
let keys = { names: '', untilMs: 0 };
const endKeys = () => {
  keys = { names: '', untilMs: 0 };
};
addEventListener('focusout', endKeys);

export function remember(values: Address, how: How): void {
  const changed = names.filter((name) => name in values && values[name] !== current[name]);
  if (changed.length === 0) return;
  const url = addressWith(values);
  current = { ...current, ...values };
  const changes = changed.join();
  const goesOn = how === 'key' && keys.names === changes && performance.now() < keys.untilMs;
  history[how === 'replace' || goesOn ? 'replaceState' : 'pushState'](null, '', url);
  if (how === 'key') keys = { names: changes, untilMs: performance.now() + KEYS_APART_MS };
  else if (how === 'push') endKeys();
}

/** Calls back when the person goes back or forth to an address with other values of these names. */
export function follow(followed: readonly AddressName[], apply: () => unknown): void {
  followers.push([followed, apply]);
}

addEventListener('popstate', () => {
  const before = current;
  current = read();
  endKeys();
  for (const [followed, apply] of followers)
    if (followed.some((name) => before[name] !== current[name])) apply();
});
