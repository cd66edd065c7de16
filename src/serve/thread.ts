import { Piscina } from 'piscina';
import { WORKER_ARGUMENTS } from '../worker-arguments.js';

/** Answers come in bursts, after which V8 would keep the 50 MB that it allows a thread's young objects. */
const MAX_YOUNG_MB = 4;

/**
 * A thread that runs the tasks of one worker file, started at the first and kept. Its sockets and timers go on between tasks. If it
 * ends by itself, the next task starts another.
 */
export function openThread<Task, Result>(
  filename: string,
  workerData: object,
  concurrentTasksPerWorker: number,
  reportEnd: (error: Error) => void,
): Piscina<Task, Result> {
  const pool = new Piscina<Task, Result>({
    filename,
    workerData,
    concurrentTasksPerWorker,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    execArgv: [...WORKER_ARGUMENTS],
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MB },
  });
  // Where no task is under way there is nobody else to tell, and Node ends a process over an error event that nobody hears.
  pool.on('error', reportEnd);
  return pool;
}
