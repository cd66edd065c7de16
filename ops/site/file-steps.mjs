import { rmSync } from 'node:fs';
import { SETTINGS } from './places.mjs';
import { sha256, textOf, writeWhole } from './record.mjs';

/** Steps for a file that always has this version's content. Content that somebody else wrote is kept beside it. */
export function programFileSteps({ path, text, mode }, prefix, before) {
  const target = prefix + path;
  const there = textOf(target);
  if (there === text) return [];
  const write = { what: `write ${target}`, act: () => writeWhole(target, text, mode) };
  if (there === undefined || sha256(there) === before?.files[path]) return [write];
  const kept = keptName(target, there);
  return [{ what: `keep ${target} as ${kept}`, act: () => writeWhole(kept, there, mode) }, write];
}

/** Steps that remove what the installation before wrote and this version does not have; edited files stay. */
export function outdatedFileSteps(files, prefix, before) {
  const current = new Set([SETTINGS, ...files.map(({ path }) => path)]);
  return Object.entries(before?.files ?? {})
    .filter(([path, digest]) => !current.has(path) && sha256(textOf(prefix + path) ?? '') === digest)
    .map(([path]) => ({ what: `remove ${prefix + path}`, act: () => rmSync(prefix + path) }));
}

/** logrotate reads every file in its directory except those with a few endings, of which this is one. */
function keptName(target, text) {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${target}.bak` : `${target}.${n}.bak`;
    const there = textOf(name);
    if (there === undefined || there === text) return name;
  }
}

/**
 * Steps for the settings, which belong to the site: edited ones stay, and a new version's go beside them. `sha256` is the digest of
 * the text that an installation wrote last.
 */
export function settingsSteps({ path, template, text, mode }, prefix, before) {
  const target = prefix + path;
  const there = textOf(target);
  const unchanged = { steps: [], sha256: before?.files[path] };
  if (there === text || (there !== undefined && before?.settingsTemplate === sha256(template)))
    return unchanged;
  if (there === undefined || sha256(there) === before?.files[path]) {
    const write = { what: `write ${target}`, act: () => writeWhole(target, text, mode) };
    return { steps: [write], sha256: sha256(text) };
  }
  const beside = `${target}.new`;
  if (textOf(beside) === text) return unchanged;
  const write = {
    what: `write ${beside}; your edited ${target} stays`,
    act: () => writeWhole(beside, text, mode),
  };
  return { ...unchanged, steps: [write] };
}
