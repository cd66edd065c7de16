/** `npm run bench`: what backfill costs, beside the least that the disk allows and beside h5py. */
import { join, resolve } from 'node:path';
import { compare } from './comparison.js';
import { grow } from './growth.js';
import { BadOption, type BenchOptions, HELP, parseOptions } from './options.js';
import { compareProcesses } from './processes.js';
import { asText, type Results, thisMachine } from './report.js';
import { Samples } from './samples.js';
import { measureStartUp } from './start-up.js';
import { buildTools } from './tools.js';

const USAGE_ERROR = 2;
/** A directory of our own, since it is removed at the end. */
const SAMPLES = 'pointing-monitor-samples';
const progress = (text: string) => process.stderr.write(`bench: ${text}\n`);

async function bench(options: BenchOptions): Promise<Results> {
  buildTools();
  const samples = new Samples(join(resolve(options.directory), SAMPLES));
  try {
    const comparison = await compare(options, samples, progress);
    const growth = await grow(options, samples, progress);
    const processes = await compareProcesses(options, samples, progress);
    return {
      machine: thisMachine(),
      threads: options.threads,
      rounds: options.rounds,
      comparison,
      growth,
      processes,
      startUp: await measureStartUp(options.cli),
    };
  } finally {
    if (!options.keep) samples.remove();
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) {
    const results = await bench(options);
    process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : asText(results));
  } else {
    process.stdout.write(HELP);
  }
} catch (error) {
  progress((error as Error).message);
  process.exitCode = error instanceof BadOption ? USAGE_ERROR : 1;
}
