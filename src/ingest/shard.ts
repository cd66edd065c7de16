import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { UsageError } from '../errors.js';
import { observationName } from '../files.js';

/** One of several equal parts of all observations, which processes read without knowing of each other. */
export interface Shard {
  /** 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** Where the shard number came from, in words. */
  readonly source: string;
}

const MAX_SHARDS = 100_000;
/** As many as a number holds exactly. */
const HASH_BYTES = 6;

/**
 * Whether a file belongs to the shard: by the first 48 bits of the SHA-256 of its observation's name, modulo the count. So all
 * sub-bands of an observation fall together, and where a file falls depends on no machine, directory or version.
 */
export function inShard(path: string, { index, count }: Shard): boolean {
  const digest = createHash('sha256')
    .update(observationName(basename(path)))
    .digest();
  return digest.readUIntBE(0, HASH_BYTES) % count === index - 1;
}

/**
 * The shard from the flags, or from the scheduler that started this process: a task of a Slurm array or a pod of a
 * Kubernetes indexed job. `--shards` gives the number of shards if the scheduler gives only the index, or if some tasks of
 * an array are resubmitted alone. Undefined without a shard. Throws a UsageError if the shard would be a guess: a wrong one
 * would leave files unread, and nobody would notice.
 */
export function shardOf(
  flags: { readonly shard?: string | undefined; readonly shards?: number | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Shard | undefined {
  if (flags.shard !== undefined) return parseShard(flags.shard);
  const { shards } = flags;
  if (shards !== undefined && !(Number.isInteger(shards) && shards >= 1 && shards <= MAX_SHARDS)) {
    throw new UsageError(`--shards: expected a whole number from 1 to ${MAX_SHARDS}`);
  }
  const task = ofSlurm(env) ?? ofKubernetes(env);
  if (task) {
    const count = shards ?? task.count();
    if (task.number > task.last(count)) {
      throw new UsageError(
        `${task.source} is ${task.number}, but the last of ${count} shards is ${task.last(count)}`,
      );
    }
    return { index: (task.number % count) + 1, count, source: task.source };
  }
  if (shards !== undefined) {
    throw new UsageError(
      '--shards gives the number of shards, but no scheduler gives the index: use --shard I/N',
    );
  }
  return undefined;
}

function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!index || !count || index > count || count > MAX_SHARDS) {
    throw new UsageError(`--shard ${text}: expected I/N, such as 1/8, with I from 1 to N`);
  }
  return { index, count, source: '--shard' };
}

/** A scheduler's number for this process. */
interface Task {
  readonly number: number;
  readonly source: string;
  /** The highest number that one of so many may have. */
  readonly last: (count: number) => number;
  /** Throws a UsageError where it cannot be told. */
  readonly count: () => number;
}

/**
 * Tasks are numbered 0 to N-1 or 1 to N, where N is the same shard as 0: so a task that is submitted again by itself has the
 * shard that it had, which it could not know after an array with steps or another first number.
 */
function ofSlurm(env: NodeJS.ProcessEnv): Task | undefined {
  const number = wholeNumber(env.SLURM_ARRAY_TASK_ID);
  if (number === undefined) return undefined;
  return {
    number,
    source: 'SLURM_ARRAY_TASK_ID',
    last: (count) => count,
    count: () => {
      const [count = 0, first = 0, last = first + count - 1] = ['COUNT', 'MIN', 'MAX'].map((name) =>
        wholeNumber(env[`SLURM_ARRAY_TASK_${name}`]),
      );
      if (count < 1 || first > 1 || last - first + 1 !== count) {
        throw new UsageError(
          `the Slurm array has ${count} tasks from ${first} to ${last}, not 0 to N-1 or 1 to N: to repeat some of N shards, add --shards N`,
        );
      }
      return count;
    },
  };
}

function ofKubernetes(env: NodeJS.ProcessEnv): Task | undefined {
  const number = wholeNumber(env.JOB_COMPLETION_INDEX);
  if (number === undefined) return undefined;
  return {
    number,
    source: 'JOB_COMPLETION_INDEX',
    last: (count) => count - 1,
    count: () => {
      throw new UsageError(
        "JOB_COMPLETION_INDEX gives the index of the shard, not the number of shards: add --shards N, equal to the job's completions",
      );
    },
  };
}

const wholeNumber = (text: string | undefined) =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
