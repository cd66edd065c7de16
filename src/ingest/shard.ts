import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { UsageError } from '../errors.js';
import { observationName } from '../files.js';

/** One of several equal parts of all observations, which processes read without knowing of each other. */
export interface Shard {
  /** 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** The flag or the scheduler's variable that gives it. */
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

/** The shard that the scheduler which started this process gives it. */
const AUTO = 'auto';

/**
 * The shard that `--shard` names: `I/N`, or with `auto` the one of this task of a Slurm array or this pod of a Kubernetes indexed
 * job. `--shards` gives N where the scheduler gives only the index, or where some tasks of an array are submitted again by
 * themselves. Undefined without `--shard`: a scheduler's variables alone mean nothing, since an array can be one over dates.
 * Throws a UsageError where the shard would be a guess: a wrong one would leave files unread, and nobody would notice.
 */
export function shardOf(
  { shard, shards }: { readonly shard?: string | undefined; readonly shards?: number | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Shard | undefined {
  if (shard !== AUTO && shards !== undefined)
    throw new UsageError('--shards goes with --shard auto: give it, or --shard I/N alone');
  if (shard === undefined) return undefined;
  if (shard !== AUTO) return parseShard(shard);
  const task = ofSlurm(env) ?? ofKubernetes(env);
  if (!task)
    throw new UsageError(
      '--shard auto: neither Slurm (SLURM_ARRAY_TASK_ID) nor Kubernetes (JOB_COMPLETION_INDEX) gives an index: give --shard I/N',
    );
  const count = shards ?? task.count();
  if (task.number > task.last(count))
    throw new UsageError(
      `${task.source} is ${task.number}, but the last of ${count} shards is ${task.last(count)}`,
    );
  return { index: (task.number % count) + 1, count, source: task.source };
}

function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!index || !count || index > count || count > MAX_SHARDS) {
    throw new UsageError(`--shard ${text}: expected I/N, such as 1/8 with I from 1 to N, or auto`);
  }
  return { index, count, source: '--shard' };
}

/** A scheduler's number for this process. */
interface Task {
  readonly number: number;
  readonly source: string;
  /** The highest number that one of `count` shards may have. */
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
