import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { Extractor, extractorDefaults, type Reader, readers } from '../../extract/extractor.js';
import { escapeControls } from '../../log/plain-line.js';
import type { Outcome } from '../../native/outcome.js';
import { isoOfMjdUtc } from '../../units.js';
import type { ExtractLine } from '../lines.js';

interface Arguments {
  files: string[];
  json: boolean;
  reader: Reader;
}

const FILES_PER_BATCH = 64;

export function extractCommand(): CommandModule<object, Arguments> {
  return {
    command: 'extract <files..>',
    describe: 'Print where the telescope pointed in each file',
    builder: (args) =>
      args
        .positional('files', { type: 'string', array: true, demandOption: true, describe: 'UVH5 files' })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line' })
        .option('reader', { choices: readers, default: 'auto' as const, describe: 'Which reader answers' })
        .example('$0 extract *_sb00.hdf5', 'a line for each file')
        .epilogue('Exit: 0 all read, 1 a file failed, 2 bad usage.'),
    handler: run,
  };
}

async function run({ files, json, reader }: Arguments): Promise<void> {
  const extractor = new Extractor({ ...extractorDefaults, reader });
  const width = Math.max(...files.map((path) => String(path).length));
  try {
    for (let start = 0; start < files.length; start += FILES_PER_BATCH) {
      const given = files.slice(start, start + FILES_PER_BATCH).map(String);
      const outcomes = await extractor.extract(given.map((path) => resolve(path)));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.error) process.exitCode = 1;
        const path = given[i] as string;
        if (json) process.stdout.write(`${JSON.stringify(jsonLine(path, outcome))}\n`);
        else if (outcome.error)
          process.stderr.write(
            `${escapeControls(`${path}: ${outcome.error.code}: ${outcome.error.message}`)}\n`,
          );
        else process.stdout.write(textLine(escapeControls(path).padEnd(width), outcome));
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
  };
}

function textLine(path: string, { pointing }: Outcome & { error?: never }): string {
  const fixed = (value: number, width: number) => value.toFixed(4).padStart(width);
  return `${path}  ${isoOfMjdUtc(pointing.midTimeMjdUtc)}  RA ${fixed(pointing.raDeg, 8)}  Dec ${fixed(pointing.decDeg, 8)}  ICRS ${fixed(pointing.raIcrsDeg, 8)} ${fixed(pointing.decIcrsDeg, 8)}  HA ${fixed(pointing.haDeg, 8)}  LST ${fixed(pointing.lstDeg, 8)}  ${pointing.kind}\n`;
}
