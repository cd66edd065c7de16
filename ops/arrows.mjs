/** Which files of `src` import which, and the table of the folders' arrows in docs/architecture.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const src = join(import.meta.dirname, '../src');
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.[^']+(?=\.js')|pointing-monitor\/[^']+)/g;

/** What each TypeScript file of `src` imports of it, types included: relative, or by the package's name as the page does. */
export function imports() {
  const files = readdirSync(src, { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .sort();
  const targets = (file) =>
    [...readFileSync(join(src, file), 'utf8').matchAll(IMPORT)]
      .map(([, specifier]) => specifier.replace(/^pointing-monitor/, src))
      .map((specifier) => `${relative(src, resolve(src, dirname(file), specifier))}.ts`)
      .filter((target) => files.includes(target));
  return new Map(files.map((file) => [file, targets(file)]));
}

/** The folder that a file is in; of a file of `src` itself its name. */
export const roomOf = (file) => file.split('/')[0];

/** The document with the table as it is now; the highest folder first. */
export function withArrows(document) {
  const arrows = new Map();
  for (const [file, targets] of imports()) {
    const [from, ...to] = [file, ...targets].map(roomOf);
    if (from.endsWith('.ts')) continue;
    const folders = to.filter((room) => room !== from && !room.endsWith('.ts'));
    arrows.set(from, new Set([...(arrows.get(from) ?? []), ...folders]));
  }
  const below = (room, found = new Set()) => {
    for (const next of arrows.get(room)) if (!found.has(next)) below(next, found.add(next));
    return found.size;
  };
  const rows = [...arrows.keys()]
    .sort((a, b) => below(b) - below(a) || a.localeCompare(b))
    .map((room) => `| \`${room}\` | ${named([...arrows.get(room)].sort())} |`);
  const table = ['| folder | imports from |', '| --- | --- |', ...rows].join('\n');
  return document.replace(/(?<=<!-- arrows -->\n\n).*?(?=\n\n<!-- end of arrows -->)/s, table);
}

const named = (rooms) => rooms.map((room) => `\`${room}\``).join(', ') || 'none of these';
