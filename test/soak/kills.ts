/** `kill -9` of the monitor, its libhdf5 processes and PostgreSQL, under arrivals of all kinds, into both kinds of database. */

import { Postgres } from '../helpers/postgres.js';
import { childrenOf, killIfThere } from '../helpers/processes.js';
import { random } from '../helpers/random.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { type Owner, type Workspace, workspace } from '../helpers/workspace.js';
import { ArrivalsOfAllKinds } from './arrivals-of-all-kinds.js';
import { Model } from './model.js';
import { type Choice, pick, Tally } from './pick.js';
import { Subject } from './subject.js';
import { supply } from './supply.js';

const KILLS_PER_CHECK = 50;
const LONGEST_LIFE_MS = 1500;
const ARRIVALS_PAUSE_MS = 120;
/** More than arrive in the time that one kill takes. */
const OBSERVATIONS_PER_KILL = 30;

export async function kills(owner: Owner, count: number, seed: number): Promise<void> {
  const forSqlite = Math.ceil(count / 2);
  await killsInto(owner, workspace(owner), forSqlite, seed);
  if (count === forSqlite) return;
  const postgres = await Postgres.start(owner);
  const space = { ...workspace(owner), productsDb: await postgres.database() };
  await killsInto(owner, space, count - forSqlite, seed + 1, postgres);
}

async function killsInto(owner: Owner, space: Workspace, count: number, seed: number, postgres?: Postgres) {
  const next = random(seed);
  const model = new Model();
  const observations = await supply(space.path, count * OBSERVATIONS_PER_KILL);
  const arrivals = new ArrivalsOfAllKinds(model, observations, space, next);
  const subject = new Subject(owner, space);
  const victims: Choice<() => Promise<void>>[] = [
    { name: 'monitor', weight: 5, act: () => subject.killAndRestart() },
    { name: 'libhdf5 process', weight: 3, act: () => killChild(subject) },
    { name: 'PostgreSQL', weight: postgres ? 2 : 0, act: () => killServer(postgres, next) },
  ];
  const killed = new Tally();
  for (let done = 0; done < count; ) {
    const goal = Math.min(count, done + KILLS_PER_CHECK);
    const arriving = arrivals.run(ARRIVALS_PAUSE_MS, () => done >= goal);
    while (done < goal) {
      await sleep(next() * LONGEST_LIFE_MS);
      const { name, act } = pick(victims, next);
      await act();
      killed.add(name);
      done++;
    }
    await arriving;
    await model.check(space.productsDb);
    await subject.proves(model);
    owner.diagnostic(
      `${done} of ${count} kills (${killed}): exact; ${model.files.size} files on disk; ${subject.memoryMB} MB`,
    );
  }
  owner.diagnostic(`arrivals: ${arrivals.done}`);
  subject.monitor.process.kill('SIGKILL');
  await subject.monitor.finished;
}

/** Once one is running: files that need it keep arriving. */
async function killChild(subject: Subject): Promise<void> {
  killIfThere(await waitFor('a libhdf5 process', () => childrenOf(subject.pid, 'hdf5-child')[0]));
}

async function killServer(postgres: Postgres | undefined, next: () => number): Promise<void> {
  await postgres?.end('SIGKILL');
  await sleep(next() * LONGEST_LIFE_MS);
  await postgres?.launch();
}
