import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HangingMount } from '../helpers/hanging-mount.js';
import { sleep, waitFor } from '../helpers/wait.js';
import { hasRow, ledgerOf } from './database.js';
import { type Fault, NOTICED_SECONDS, type Scene } from './fault.js';
import type { Observation } from './supply.js';

const ROWS_SECONDS = 180;
/** A step of a scan is given up after 90 s. */
const HANG_NOTICED_SECONDS = 200;
const SHORT_HANG_MS = 15_000;
/** Subscribing to events fails where a directory goes meanwhile. */
const MOUNT = ['places_unreadable', 'files_unaccounted', 'events_missing'] as const;
const HANG = [...MOUNT, 'reading_hangs', 'scan_overdue', 'directory_silent'] as const;

/** Files on a file system of their own at `mountPoint`, seen there by the monitor until they go. */
class Mounted {
  readonly mountPoint: string;
  readonly #scene: Scene;
  readonly #files = new Map<string, Observation>();

  constructor(scene: Scene, name: string) {
    this.#scene = scene;
    this.mountPoint = join(scene.space.incoming, name);
    mkdirSync(this.mountPoint, { recursive: true });
  }

  /** Puts new files into `directory`, which is seen at the mount point. */
  put(count: number, directory = this.mountPoint): void {
    for (let i = 0; i < count; i++) {
      const observation = this.#scene.arrivals.take();
      const name = basename(this.#scene.arrivals.newPath());
      cpSync(observation.file, join(directory, `.${name}`));
      renameSync(join(directory, `.${name}`), join(directory, name));
      this.#files.set(name, observation);
    }
  }

  /** The model expects them from now on. */
  shown(): void {
    for (const [name, observation] of this.#files)
      this.#scene.model.arrived(join(this.mountPoint, name), observation, true);
  }

  async untilStored(): Promise<void> {
    const { productsDb } = this.#scene.space;
    const stored = async () => {
      const ledger = await ledgerOf(productsDb).catch(() => new Map());
      return [...this.#files].every(
        ([name, { row }]) => ledger.get(join(this.mountPoint, name))?.timestamp === row.timestamp,
      );
    };
    await waitFor(`the rows of ${this.mountPoint}`, stored, ROWS_SECONDS);
  }

  async gone(): Promise<void> {
    execFileSync('umount', ['--lazy', this.mountPoint]);
    const { model, space } = this.#scene;
    for (const [name, { row }] of this.#files) {
      const path = join(this.mountPoint, name);
      model.deleted(path, await hasRow(space.productsDb, path, row));
    }
  }
}

const mount = (...args: string[]) => execFileSync('mount', args);

async function hang(scene: Scene, during: () => Promise<void>): Promise<void> {
  const served = mkdtempSync(join(scene.space.path, 'served-'));
  const files = new Mounted(scene, basename(served));
  files.put(3, served);
  const mounted = await HangingMount.mount(scene.owner, served, files.mountPoint);
  files.shown();
  await files.untilStored();
  mounted.hang();
  try {
    files.put(1, served);
    files.shown();
    await during();
  } finally {
    mounted.goOn();
  }
  await files.untilStored();
  await files.gone();
  mounted.end();
  rmdirSync(files.mountPoint);
}

export const treeFaults: readonly Fault[] = [
  {
    name: 'watch directory gone',
    weight: 2,
    place: 'tree',
    may: [...MOUNT, 'directory_missing', 'directory_unreadable'],
    act: async (scene) => {
      const { incoming } = scene.space;
      scene.held = true;
      await waitFor('the slow writers', () => scene.arrivals.writing === 0);
      renameSync(incoming, `${incoming}.away`);
      try {
        await scene.health.says(['directory_missing'], NOTICED_SECONDS);
      } finally {
        renameSync(`${incoming}.away`, incoming);
        scene.held = false;
      }
    },
  },
  {
    name: 'tmpfs that comes and goes',
    weight: 3,
    place: 'tree',
    may: MOUNT,
    act: async (scene) => {
      const files = new Mounted(scene, 'tmpfs');
      mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', files.mountPoint);
      files.put(5);
      files.shown();
      if (scene.next() < 0.5) await files.untilStored();
      await files.gone();
    },
  },
  {
    name: 'loop device that goes and comes back',
    weight: 3,
    place: 'tree',
    may: MOUNT,
    act: async (scene) => {
      const image = join(scene.space.path, 'image');
      if (!existsSync(image)) {
        execFileSync('truncate', ['-s', '64m', image]);
        execFileSync('mkfs.ext4', ['-q', image]);
      }
      const files = new Mounted(scene, 'loop');
      mount('-o', 'loop', image, files.mountPoint);
      files.put(2);
      files.shown();
      await files.untilStored();
      await files.gone();
      await sleep(scene.next() * 5000);
      mount('-o', 'loop', image, files.mountPoint);
      files.shown();
      await files.untilStored();
      await files.gone();
    },
  },
  {
    name: 'mount that hangs for a moment',
    weight: 2,
    place: 'tree',
    may: HANG,
    act: (scene) => hang(scene, () => sleep(scene.next() * SHORT_HANG_MS).then(() => {})),
  },
  {
    name: 'mount that hangs until health reports it',
    weight: 1,
    place: 'tree',
    may: HANG,
    act: (scene) => hang(scene, () => scene.health.says(HANG, HANG_NOTICED_SECONDS)),
  },
];
