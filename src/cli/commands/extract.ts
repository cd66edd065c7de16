import { resolve } from 'node:path';
import { Extractor, extractorDefaults } from '../../extract/extractor.js';
import { greatest } from '../../greatest.js';
import type { Outcome } from '../../native/outcome.js';
import { fixed, fixed360, isoOfMjdUtc } from '../../units.js';
import type { ExtractLine } from '../lines.js';
import { FAILURE, note, oneLine, print, printJson } from '../output.js';
import type { extract as schema } from '../schema/extract.js';
import type { Arguments } from '../schema/types.js';
import { Table } from '../table.js';

const FILES_PER_BATCH = 64;

export async function extract({ files, json, reader }: Arguments<typeof schema>): Promise<void> {
  const inCallingThread = files.length <= FILES_PER_BATCH;
  const extractor = new Extractor({ ...extractorDefaults, reader, inCallingThread });
  const width = greatest(files.map((path) => oneLine(path).length));
  try {
    for (let start = 0; start < files.length; start += FILES_PER_BATCH) {
      const given = files.slice(start, start + FILES_PER_BATCH);
      const outcomes = await extractor.extract(given.map((path) => resolve(path)));
      const cells = outcomes.map((outcome, i) => cellsOf(given[i] as string, outcome));
      const table = new Table(COLUMNS, [...cells, ['x'.repeat(width)]]);
      for (const [i, outcome] of outcomes.entries()) {
        const path = given[i] as string;
        if (outcome.error) process.exitCode = FAILURE;
        if (json) await printJson(jsonLine(path, outcome));
        else if (outcome.error) note(oneLine(`${path}: ${outcome.error.code}: ${outcome.error.message}`));
        else await print(table.row(cells[i] as string[]));
      }
    }
  } finally {
    await extractor.close();
  }
}

function jsonLine(path: string, { pointing, error }: Outcome): ExtractLine {
  if (error) return { path, error };
  return {
    path,
    kind: pointing.kind,
    mjd: pointing.midTimeMjdUtc,
    ra_deg: pointing.raDeg,
    dec_deg: pointing.decDeg,
    ra_icrs_deg: pointing.raIcrsDeg,
    dec_icrs_deg: pointing.decIcrsDeg,
    ha_deg: pointing.haDeg,
    lst_deg: pointing.lstDeg,
    n_times: pointing.nTimes,
    quality: pointing.quality.join(' '),
  };
}

/** No headings: each value has its name beside it. */
const COLUMNS = [
  { heading: '', shorten: true },
  { heading: '' },
  { heading: '' },
  { heading: '' },
  { heading: '', drop: 3 },
  { heading: '', drop: 2 },
  { heading: '', drop: 1 },
  { heading: '', drop: 4 },
];

function cellsOf(path: string, { pointing }: Outcome): string[] {
  if (!pointing) return [];
  const turn = (deg: number) => fixed360(deg, 4).padStart(8);
  const angle = (deg: number) => fixed(deg, 4).padStart(8);
  return [
    path,
    isoOfMjdUtc(pointing.midTimeMjdUtc),
    `RA ${turn(pointing.raDeg)}`,
    `Dec ${angle(pointing.decDeg)}`,
    `ICRS ${turn(pointing.raIcrsDeg)} ${angle(pointing.decIcrsDeg)}`,
    `HA ${angle(pointing.haDeg)}`,
    `LST ${turn(pointing.lstDeg)}`,
    // Of the quality only what is unusual.
    [pointing.kind, ...pointing.quality.filter((word) => word !== 'even')].join(' '),
  ];
}
