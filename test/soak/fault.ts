import type { IssueCode } from '#src/issues.js';
import type { Clock } from '../helpers/clock.js';
import type { Owner, Workspace } from '../helpers/workspace.js';
import type { ArrivalsOfAllKinds } from './arrivals-of-all-kinds.js';
import type { HealthWatch } from './health-watch.js';
import type { Model } from './model.js';
import type { Subject } from './subject.js';

/** What faults act on. */
export interface Scene {
  readonly owner: Owner;
  readonly space: Workspace;
  readonly subject: Subject;
  readonly model: Model;
  readonly arrivals: ArrivalsOfAllKinds;
  readonly health: HealthWatch;
  readonly clock: Clock;
  readonly next: () => number;
  /** Set while no file may arrive. */
  held: boolean;
}

/** Something wrong around a monitor, which begins and ends within `act`. */
export interface Fault {
  readonly name: string;
  readonly weight: number;
  /** Of two at once, each is of another place. */
  readonly place: 'process' | 'database' | 'tree';
  /** Not at the same time as another: it takes a monitor that runs. */
  readonly alone?: boolean;
  /** What health can say of it. What health must say is required by `act`. */
  readonly may: readonly IssueCode[];
  readonly act: (scene: Scene) => Promise<void>;
}

/** Generous for a loaded machine: every few seconds both are looked at. */
export const NOTICED_SECONDS = 60;
