import { cpus, release, totalmem } from 'node:os';
import type { Comparison, ComparisonRow } from './comparison.js';
import type { GrowthRow } from './growth.js';
import type { ProcessesRow } from './processes.js';
import type { StartUpRow } from './start-up.js';

export interface Results {
  readonly machine: Machine;
  readonly threads: number;
  readonly rounds: number;
  readonly comparison: Comparison;
  readonly growth: readonly GrowthRow[];
  readonly processes: readonly ProcessesRow[];
  readonly startUp: readonly StartUpRow[];
}

interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
}

/** In a line. */
export const machineText = ({ processor, cores, memoryBytes, kernel, node }: Machine): string =>
  `${processor}, ${cores} cores, ${megabytes(memoryBytes)} of memory; Linux ${kernel}; Node ${node}`;

/** What the project has promised of itself. */
const MAX_PREADS = 4;
const MAX_OF_BARE_COLD = 1.5;
const MIN_UNDER_H5PY = { cold: 80, warm: 30 };
const MAX_DATABASE_BYTES = 400;

/** Starting all threads takes about a second: what a further file costs shows only in runs that are longer. */
const FEWEST_TO_JUDGE = 4000;

export function asText({
  machine,
  threads,
  rounds,
  comparison,
  growth,
  processes,
  startUp,
}: Results): string {
  const { files, reading, rows } = comparison;
  const places = reading.places.map(({ offset, length }) => `${length} bytes at ${offset}`).join(', ');
  return [
    machineText(machine),
    '',
    `${files} files of the telescope's size, ${threads} threads, medians of ${rounds} rounds`,
    `read of each: ${places}; ${reading.preadsPerFile.toFixed(2)} preads a file (at most ${MAX_PREADS})`,
    `peak memory of backfill ${megabytes(comparison.peakRssBytes)}`,
    '',
    table(
      [
        'ms a file',
        'bare preads',
        'backfill',
        'each further file',
        'whole process',
        'processor time',
        'h5py',
      ],
      rows.map((row) => [
        row.cache,
        ...[row.barePreads, row.backfill, row.furtherHalf, row.wholeProcess, row.processor, row.h5py].map(
          milliseconds,
        ),
      ]),
    ),
    '',
    ...(files < FEWEST_TO_JUDGE
      ? [`No verdict on fewer than ${FEWEST_TO_JUDGE} files: while threads start, files are read beside it.`]
      : rows.flatMap(verdicts)),
    ...(growth.length > 0 ? ['', 'small files, warm', growthTable(growth)] : []),
    '',
    'backfills at once into one database, small files, warm',
    processesTable(processes),
    '',
    'start-up, processor time',
    startUpTable(startUp),
    '',
  ].join('\n');
}

/** Judged by each further file: starting the threads is paid once, not for each file. */
function verdicts({ cache, barePreads, furtherHalf, h5py }: ComparisonRow): string[] {
  const lines = [];
  const ofBare = furtherHalf / barePreads;
  if (cache === 'cold') {
    const verdict = within(ofBare <= MAX_OF_BARE_COLD, MAX_OF_BARE_COLD);
    lines.push(`cold: ${ofBare.toFixed(2)} times the bare preads (${verdict})`);
  }
  if (h5py !== undefined) {
    const times = h5py / furtherHalf;
    const min = MIN_UNDER_H5PY[cache];
    lines.push(`${cache}: 1/${times.toFixed(0)} of h5py (${within(times >= min, `1/${min}`)})`);
  }
  return lines;
}

function growthTable(rows: readonly GrowthRow[]): string {
  return table(
    [
      'files',
      'seconds',
      'files/s',
      'peak memory',
      `database, bytes a file (at most ${MAX_DATABASE_BYTES})`,
    ].concat(['again, all known: seconds', 'peak memory']),
    rows.map((row) => [
      String(row.files),
      row.seconds.toFixed(2),
      row.filesPerSecond.toFixed(0),
      megabytes(row.peakRssBytes),
      row.databaseBytesPerFile.toFixed(0),
      row.allKnownSeconds.toFixed(2),
      megabytes(row.allKnownPeakRssBytes),
    ]),
  );
}

function processesTable(rows: readonly ProcessesRow[]): string {
  return table(
    ['processes', 'files', 'seconds', 'files/s'],
    rows.map(({ processes, files, seconds, filesPerSecond }) => [
      String(processes),
      String(files),
      seconds.toFixed(2),
      filesPerSecond.toFixed(0),
    ]),
  );
}

function startUpTable(rows: readonly StartUpRow[]): string {
  return table(
    ['command', 'seconds', 'of bare Node', ''],
    rows.map(({ command, processor, ratio, maxRatio }) => [
      command,
      processor.toFixed(3),
      ratio.toFixed(2),
      within(ratio <= maxRatio, maxRatio),
    ]),
  );
}

const within = (isWithin: boolean, limit: number | string) => `${isWithin ? 'within' : 'OVER'} ${limit}`;
const milliseconds = (value: number | undefined) => value?.toFixed(3) ?? '-';
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** In Markdown, with columns aligned to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => `${'-'.repeat(width + 1)}:`).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
