#!/usr/bin/env node
// Makes vla.tsv from NRAO's list of VLA calibrators, saved as text or as the web page itself, and replaces it only if
// it passes every check. README.md beside this file says where the list comes from.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TABLE = join(dirname(fileURLToPath(import.meta.url)), 'vla.tsv');
const COLUMNS = [
  'name',
  'j_name',
  'alt_name',
  'survey',
  'ra_icrs_deg',
  'dec_icrs_deg',
  'position_code',
  'flux_20cm_jy',
  'flux_6cm_jy',
  'flux_90cm_jy',
];
// Words in the list's column of alternative names that name a survey, not a source.
const SURVEYS = new Set(['AW574', 'CJ2', 'GVAR', 'JVAS', 'USNO', 'VERA', 'VSOP']);
const SAME_SOURCE_DEG = 2 / 3600;

class Refusal extends Error {}

// 1331+305   J2000  A 13h31m08.287984s  30d30'32.958850"   Aug01  3C286
const SOURCE =
  /^\s*(\d{4}[-+]\d{3})\s+J2000\s+([A-Z])\s+(\d+)h(\d+)m([\d.]+)s\s+([-+]?)(\d+)d(\d+)'([\d.]+)(?:"|'')\s*(.*)$/;
// " 20cm    L  P P P P       15.00": the flux density stands below its heading, before the UV limits.
const BAND = /^\s*([\d.]+)cm\s/;
const FLUX_COLUMNS = [20, 33];

export function readList(text) {
  const lines = text
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;/g, "'")
    .split(/\r?\n/);
  const sources = [];
  for (const line of lines) {
    const source = SOURCE.exec(line);
    const band = BAND.exec(line);
    if (source) {
      const [, name, code, h, m, s, sign, d, arcmin, arcsec, rest] = source;
      const words = rest.trim().split(/\s+/).filter(Boolean);
      if (/^[A-Z][a-z]{2}\d\d$/.test(words[0] ?? '')) words.shift(); // date of the position, as in Aug01
      sources.push({
        name,
        alt: words[0] ?? '',
        raDeg: (Number(h) + Number(m) / 60 + Number(s) / 3600) * 15,
        decDeg: (Number(d) + Number(arcmin) / 60 + Number(arcsec) / 3600) * (sign === '-' ? -1 : 1),
        code,
        flux: {},
      });
    } else if (band && sources.length > 0) {
      const flux = line.slice(...FLUX_COLUMNS).trim();
      if (flux !== '' && !/^\d*\.?\d+$/.test(flux)) throw new Refusal(`"${line.trim()}": no flux density`);
      sources.at(-1).flux[band[1]] = flux;
    }
  }
  return sources;
}

// IAU style: truncated, not rounded.
function jName({ raDeg, decDeg }) {
  const minutes = Math.floor(raDeg * 4 + 1e-9);
  const arcmin = Math.floor(Math.abs(decDeg) * 60 + 1e-9);
  const two = (n) => String(n).padStart(2, '0');
  const ra = `${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
  return `J${ra}${decDeg < 0 ? '-' : '+'}${two(Math.floor(arcmin / 60))}${two(arcmin % 60)}`;
}

const separationDeg = (a, b) =>
  Math.hypot((a.raDeg - b.raDeg) * Math.cos((a.decDeg * Math.PI) / 180), a.decDeg - b.decDeg);

const knownFluxes = (source) => Object.values(source.flux).filter((flux) => Number(flux) > 0).length;

// The better of two entries of one source: more flux densities, then the better position (A to C, then T).
function better(a, b) {
  if (knownFluxes(a) !== knownFluxes(b)) return knownFluxes(a) > knownFluxes(b) ? a : b;
  return a.code <= b.code ? a : b;
}

export function cleaned(sources) {
  const kept = [];
  for (const source of [...sources].sort((a, b) => a.raDeg - b.raDeg)) {
    const at = kept.findIndex(
      (other) => other.name === source.name && separationDeg(source, other) < SAME_SOURCE_DEG,
    );
    if (at < 0) kept.push(source);
    else kept[at] = better(kept[at], source);
  }
  return kept;
}

export function check(sources) {
  if (sources.length < 1800)
    throw new Refusal(`${sources.length} sources, where the list has had 1860 since 2003`);
  for (const { name, raDeg, decDeg } of sources) {
    const nameRaDeg = (Number(name.slice(0, 2)) + Number(name.slice(2, 4)) / 60) * 15;
    const nameDecDeg = Number(name.slice(4)) / 10;
    const offDeg = Math.max(Math.abs(((raDeg - nameRaDeg + 540) % 360) - 180), Math.abs(decDeg - nameDecDeg));
    if (!(offDeg < 0.5)) throw new Refusal(`${name}: the name does not fit its position, ${raDeg} ${decDeg}`);
  }
}

export function tableText(sources) {
  // The list writes 0 for a flux density that it does not know.
  const flux = (source, band) => (Number(source.flux[band]) > 0 ? source.flux[band] : '');
  const rows = sources.map((source) => [
    source.name,
    jName(source),
    SURVEYS.has(source.alt) ? '' : source.alt,
    SURVEYS.has(source.alt) ? source.alt : '',
    source.raDeg.toFixed(8),
    source.decDeg.toFixed(8),
    source.code,
    flux(source, '20'),
    flux(source, '6'),
    flux(source, '90'),
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.join('\t')}\n`).join('');
}

function replaceTable(text) {
  const fd = openSync(`${TABLE}.new`, 'w');
  writeSync(fd, text);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${TABLE}.new`, TABLE);
}

function main(args) {
  if (args.length !== 1) throw new Refusal('usage: refresh.mjs LIST   (LIST may be - for standard input)');
  const sources = cleaned(readList(readFileSync(args[0] === '-' ? 0 : args[0], 'utf8')));
  check(sources);
  replaceTable(tableText(sources));
  console.log(`vla.tsv: ${sources.length} calibrators`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Refusal) && !('syscall' in error)) throw error;
    console.error(`nothing changed: ${error.message}`);
    process.exitCode = 2;
  }
}
