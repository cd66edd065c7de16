/** Random faults around a monitor while files of all kinds arrive. Health is held against the model at every moment. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Clock } from '../helpers/clock.js';
import { random } from '../helpers/random.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { type Owner, workspace } from '../helpers/workspace.js';
import { ArrivalsOfAllKinds } from './arrivals-of-all-kinds.js';
import type { Fault, Scene } from './fault.js';
import { HealthWatch } from './health-watch.js';
import { Model } from './model.js';
import { pick, Tally } from './pick.js';
import { Subject } from './subject.js';
import { supply } from './supply.js';

export interface ChaosOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** Longest pause between two arrivals. */
  readonly pauseMs: number;
}

const LONGEST_CALM_MS = 15_000;
const TWO_AT_ONCE = 0.25;
const FAULTS_PER_CHECK = 8;
const START_SECONDS = 240;

export async function chaos(owner: Owner, { seconds, seed, faults, pauseMs }: ChaosOptions): Promise<void> {
  const base = workspace(owner);
  mkdirSync(join(base.path, 'state'));
  const space = { ...base, productsDb: join(base.path, 'state', 'products.sqlite3') };
  const next = random(seed);
  const clock = new Clock(space.path);
  const model = new Model();
  // An act takes about one observation, and half of the longest pause passes before the next.
  const observations = await supply(space.path, Math.ceil((seconds * 2000) / pauseMs) + 500);
  const arrivals = new ArrivalsOfAllKinds(model, observations, space, next);
  const subject = new Subject(owner, space, clock);
  await subject.monitor.healthy(START_SECONDS);
  const health = new HealthWatch(owner, subject, model);
  const scene: Scene = { owner, space, subject, model, arrivals, health, clock, next, held: false };

  const endsAt = performance.now() + seconds * 1000;
  const ended = () => performance.now() > endsAt;
  const background = Promise.all([arrivals.run(pauseMs, ended, () => scene.held), health.run()]);
  const done = new Tally();
  try {
    for (let n = 1; !ended(); n++) {
      const now = choose(faults, next);
      for (const { name } of now) done.add(name);
      owner.diagnostic(`${now.map(({ name }) => name).join(' and ')}; ${subject.memoryMB} MB`);
      await health.during(
        now.flatMap(({ may }) => may),
        async () => void (await Promise.all(now.map(({ act }) => act(scene)))),
      );
      await sleep(next() * LONGEST_CALM_MS);
      if (n % FAULTS_PER_CHECK === 0) await proof(scene);
    }
    await proof(scene);
  } finally {
    health.end();
    await background;
  }
  owner.diagnostic(`faults: ${done}`);
  owner.diagnostic(`arrivals: ${arrivals.done}`);
  if (health.violations.length > 0) throw new Error(`health: ${health.violations.join('; ')}`);
}

/** One, or two of different places. */
function choose(faults: readonly Fault[], next: () => number): Fault[] {
  const choices = faults.map((fault) => ({ ...fault, act: fault }));
  const first = pick(choices, next).act;
  if (first.alone || next() > TWO_AT_ONCE) return [first];
  const others = choices.filter(({ place, alone }) => !alone && place !== first.place);
  return others.length > 0 ? [first, pick(others, next).act] : [first];
}

/** Nothing arrives until every file has its row, and health says the same. */
async function proof(scene: Scene): Promise<void> {
  const { owner, model, arrivals, space, subject } = scene;
  scene.held = true;
  await waitFor('the slow writers', () => arrivals.writing === 0);
  await model.check(space.productsDb);
  await subject.proves(model);
  scene.held = false;
  owner.diagnostic(`exact: ${model.files.size} files on disk, ${model.badFiles} bad ones`);
}
