import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { sleep, waitFor } from '../helpers/wait.js';
import { type Fault, NOTICED_SECONDS, type Scene } from './fault.js';

/** Times that no observation can have, or not yet. */
const IMPOSSIBLE: readonly unknown[] = [1.7e9, 'yesterday', 1e300, 73_000];
/** Where no observation of ours lies. */
const FOREIGN_MJD_UTC = 55_000;

/** What another program does with the database. */
async function asAnother<T>(
  { space }: Scene,
  work: (database: Database.Database) => T | Promise<T>,
): Promise<T> {
  const database = new Database(space.productsDb, { timeout: 20_000, fileMustExist: true });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

const hold = (seconds: number, during: () => Promise<void>) => (database: Database.Database) => {
  database.exec('BEGIN IMMEDIATE');
  return Promise.all([sleep(seconds * 1000), during()]).finally(() => database.exec('ROLLBACK'));
};

export const databaseFaults: readonly Fault[] = [
  {
    name: 'locked for a moment',
    weight: 2,
    place: 'database',
    may: ['database_locked'],
    act: async (scene) =>
      void (await asAnother(
        scene,
        hold(scene.next() * 1.5, async () => {}),
      )),
  },
  {
    name: 'locked until health reports it',
    weight: 2,
    place: 'database',
    may: ['database_locked'],
    act: async (scene) => {
      const said = () => scene.health.says(['database_locked'], NOTICED_SECONDS);
      await asAnother(scene, hold(1, said));
    },
  },
  {
    name: 'replaced by an older copy',
    weight: 3,
    place: 'database',
    alone: true,
    may: ['database_replaced', 'database_locked'],
    act: async (scene) => {
      const copy = join(scene.space.path, 'copy.sqlite3');
      const restored = scene.model.remember();
      await asAnother(scene, (database) => database.backup(copy));
      await sleep(scene.next() * 10_000);
      renameSync(copy, scene.space.productsDb);
      restored();
      await waitFor('the monitor to open the copy', () => scene.subject.hasDatabaseOpen, NOTICED_SECONDS);
      scene.model.noticed();
    },
  },
  {
    name: 'deleted',
    weight: 2,
    place: 'database',
    alone: true,
    may: ['database_replaced', 'database_missing', 'database_locked'],
    act: async ({ space, model }) => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${space.productsDb}${suffix}`, { force: true });
      model.lostHistory();
    },
  },
  {
    name: 'directory of the database gone',
    weight: 2,
    place: 'database',
    alone: true,
    may: ['database_missing', 'database_replaced', 'database_locked'],
    act: async ({ space, health }) => {
      const directory = dirname(space.productsDb);
      renameSync(directory, `${directory}.away`);
      try {
        await health.says(['database_missing'], NOTICED_SECONDS);
      } finally {
        renameSync(`${directory}.away`, directory);
      }
    },
  },
  {
    name: 'impossible rows of another program',
    weight: 2,
    place: 'database',
    may: ['foreign_rows', 'future_rows', 'database_locked'],
    act: async (scene) => {
      await asAnother(scene, (database) => {
        const add = database.prepare('INSERT INTO pointing_history VALUES (?, 1, 2)');
        for (const time of IMPOSSIBLE) add.run(time);
      });
      try {
        await scene.health.says(['foreign_rows'], NOTICED_SECONDS);
        await scene.health.says(['future_rows'], NOTICED_SECONDS);
      } finally {
        await asAnother(scene, (database) => {
          const remove = database.prepare('DELETE FROM pointing_history WHERE timestamp = ?');
          for (const time of IMPOSSIBLE) remove.run(time);
        });
      }
    },
  },
  {
    name: 'good rows of another program',
    weight: 1,
    place: 'database',
    may: ['database_locked'],
    act: async (scene) => {
      const time = FOREIGN_MJD_UTC + scene.next() * 1000;
      await asAnother(scene, (database) => {
        database.prepare('INSERT INTO pointing_history VALUES (?, 1, 2)').run(time);
      });
      scene.model.addedByOthers(time);
    },
  },
  {
    name: 'rows changed and deleted by another program',
    weight: 3,
    place: 'database',
    may: ['database_locked', 'files_unaccounted'],
    act: async (scene) => {
      const times = scene.model.looseFiles.map(([, { row }]) => row.timestamp).slice(0, 40);
      await asAnother(scene, (database) => {
        const change = database.prepare('UPDATE pointing_history SET ra_deg = 1 WHERE timestamp = ?');
        const remove = database.prepare('DELETE FROM pointing_history WHERE timestamp = ?');
        for (const [i, time] of times.entries()) (i % 2 === 0 ? change : remove).run(time);
      });
    },
  },
  {
    name: 'VACUUM by another program',
    weight: 1,
    place: 'database',
    may: ['database_locked'],
    act: async (scene) => void (await asAnother(scene, (database) => database.exec('VACUUM'))),
  },
];
