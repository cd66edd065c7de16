import { parseArgs } from 'node:util';
import { cliPath } from '../helpers/cli.js';

export interface BenchOptions {
  /** Telescope-size files to read; each takes 6.6 MB of disk. */
  readonly files: number;
  /** Those of them that h5py reads: it is slow, and its time a file is the same for any number. */
  readonly h5pyFiles: number;
  readonly rounds: number;
  /** Numbers of small files to show growth with. */
  readonly growth: readonly number[];
  /** Of backfill and of the bare preads alike. */
  readonly threads: number;
  /** Where the sample files go: a real disk, not memory. */
  readonly directory: string;
  readonly keep: boolean;
  readonly json: boolean;
  readonly cli: string;
}

export const HELP = `usage: npm run bench -- [options]

Measures backfill beside the bare preads of the same places and beside h5py, cold and warm, in alternating rounds, then its
growth with the number of files. Run it on an otherwise idle machine.

  --quick             few files and rounds, to try it out
  --files N           telescope-size files (default 4000; 6.6 MB of disk each)
  --h5py-files N      those of them that h5py reads (default 100)
  --rounds N          rounds; medians are told (default 7)
  --growth LIST       numbers of small files (default 1000,10000,100000), none to leave it out
  --threads N         threads that read (default 16)
  --directory DIR     where sample files go (default build)
  --keep              leave the sample files there, and use them again next time
  --cli FILE          the program to measure (default: the one that is shipped)
  --json              one JSON object in place of tables
`;

export class BadOption extends Error {}

const flags = {
  help: { type: 'boolean', short: 'h' },
  quick: { type: 'boolean' },
  files: { type: 'string' },
  'h5py-files': { type: 'string' },
  rounds: { type: 'string' },
  growth: { type: 'string' },
  threads: { type: 'string' },
  directory: { type: 'string' },
  keep: { type: 'boolean' },
  cli: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Undefined where help is wanted. Throws BadOption. */
export function parseOptions(args: string[]): BenchOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const quick = values.quick ?? false;
  const count = (name: 'files' | 'h5py-files' | 'rounds' | 'threads', usual: number) =>
    values[name] === undefined ? usual : wholeNumber(`--${name}`, values[name]);
  const growth = values.growth ?? (quick ? '200,1000' : '1000,10000,100000');
  return {
    files: count('files', quick ? 60 : 4000),
    h5pyFiles: count('h5py-files', quick ? 20 : 100),
    rounds: count('rounds', quick ? 3 : 7),
    growth: growth === 'none' ? [] : growth.split(',').map((text) => wholeNumber('--growth', text)),
    threads: count('threads', 16),
    directory: values.directory ?? 'build',
    keep: values.keep ?? false,
    json: values.json ?? false,
    cli: values.cli ?? cliPath,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: flags }).values;
  } catch (error) {
    throw new BadOption((error as Error).message);
  }
}

function wholeNumber(flag: string, text: string): number {
  if (!/^[1-9][0-9]{0,7}$/.test(text))
    throw new BadOption(`${flag}: expected a whole number from 1, got ${text}`);
  return Number(text);
}
