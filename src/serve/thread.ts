import { Piscina } from 'piscina';

/** Answers come in bursts, after which V8 would keep the 50 MB that it allows a thread's young objects. */
const MAX_YOUNG_MB = 4;

/** A thread that runs the tasks of one worker file, started at the first and kept. Its sockets and timers go on between tasks. */
export function openThread<Task, Result>(
  filename: string,
  workerData: object,
  concurrentTasksPerWorker: number,
): Piscina<Task, Result> {
  return new Piscina({
    filename,
    workerData,
    concurrentTasksPerWorker,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MB },
  });
}
