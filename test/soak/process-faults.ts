import { childrenOf, killIfThere } from '../helpers/processes.js';
import { sleep } from '../helpers/wait.js';
import type { Fault } from './fault.js';

const HOUR_SECONDS = 3600;
const CLOCKS = [0, -2, -35 * 24, 1, 48].map((hours) => hours * HOUR_SECONDS);

export const processFaults: readonly Fault[] = [
  {
    name: 'killed',
    weight: 3,
    place: 'process',
    may: ['first_scan'],
    act: ({ subject }) => subject.killAndRestart(),
  },
  {
    name: 'stopped and started',
    weight: 1,
    place: 'process',
    may: ['first_scan', 'stopped'],
    act: ({ subject }) => subject.killAndRestart('SIGTERM'),
  },
  {
    name: 'halted',
    weight: 2,
    place: 'process',
    may: [],
    act: ({ subject, next, health }) =>
      health.whileSilent(async () => {
        subject.signal('SIGSTOP');
        // A database counts as silent after 10 s.
        await sleep(next() * 8_000);
        subject.signal('SIGCONT');
      }),
  },
  {
    name: 'libhdf5 processes killed',
    weight: 2,
    place: 'process',
    may: [],
    act: async ({ subject }) => {
      for (const child of childrenOf(subject.pid, 'hdf5-child')) killIfThere(child);
    },
  },
  {
    name: 'clock set',
    weight: 4,
    place: 'process',
    may: [],
    act: async ({ clock, next }) => clock.set(CLOCKS[Math.floor(next() * CLOCKS.length)] as number),
  },
];
