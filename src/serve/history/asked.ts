import type { Instruments } from '../../sky/instruments.js';
import type { Block } from './block.js';

/** The history of one moment, for one who may have left. */
export interface AskedHistory {
  readonly blocks: readonly Block[];
  readonly instruments: Instruments;
  readonly isAbandoned: () => boolean;
}
