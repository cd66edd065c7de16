/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found as T;
}

type Child = Node | string;

/** A new element. Text only ever becomes text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Replaces what a place shows. What had the focus has it again if it is there again. */
export function renew(place: HTMLElement, ...children: readonly Child[]): void {
  const giveBack = keepFocus(place);
  place.replaceChildren(...children);
  giveBack();
}

/** The function that gives the focus to what has it in a place now or, once that has been replaced, to its like. */
export function keepFocus(place: Element): () => void {
  const had = document.activeElement;
  if (!had || had === place || !place.contains(had)) return () => undefined;
  return () => {
    // What is removed leaves the focus to the body.
    if (document.activeElement === document.body) likeOf(had, place)?.focus({ preventScroll: true });
  };
}

/** The one in a place that leads to the same under the same name. */
export const likeOf = (one: Element, place: ParentNode): HTMLElement | undefined =>
  [...place.querySelectorAll<HTMLElement>(one.tagName)].find((each) => nameOf(each) === nameOf(one));

const nameOf = (each: Element) =>
  [
    each.getAttribute('data-value') ?? each.getAttribute('href'),
    each.getAttribute('aria-label') ?? each.textContent,
  ].join(' ');

/** Terms and their values. */
export const definitions = (entries: readonly (readonly [term: string, ...value: Child[]])[]) =>
  element(
    'dl',
    { class: 'values' },
    ...entries.map(([term, ...value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, ...value)),
    ),
  );

/** The same for drawings. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
