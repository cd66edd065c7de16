import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { sleep } from '../helpers/wait.js';
import { hasRow } from './database.js';
import type { Model } from './model.js';
import { type Choice, pick, Tally } from './pick.js';
import type { Observation } from './supply.js';

/** What happens to files in a directory that is watched with `--follow-links`. Each act tells the model. */
export class ArrivalsOfAllKinds {
  readonly done = new Tally();
  readonly #model: Model;
  readonly #incoming: string;
  readonly #productsDb: string;
  readonly #next: () => number;
  readonly #observations: Observation[];
  readonly #writing = new Set<Promise<void>>();
  #names = 0;

  constructor(
    model: Model,
    observations: readonly Observation[],
    { incoming, productsDb }: { readonly incoming: string; readonly productsDb: string },
    next: () => number,
  ) {
    this.#model = model;
    // In no order, so that every layout arrives all the time.
    this.#observations = observations
      .map((observation) => ({ observation, place: next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ observation }) => observation);
    this.#incoming = incoming;
    this.#productsDb = productsDb;
    this.#next = next;
  }

  /** Acts with pauses of up to `pauseMs` until `ended`, or until the observations are used up; `held` keeps them off. */
  async run(pauseMs: number, ended: () => boolean, held: () => boolean = () => false): Promise<void> {
    while (!ended() && this.#observations.length > 20) {
      if (!held()) {
        const { name, act } = pick(this.#acts, this.#next);
        this.done.add(name);
        await act();
      }
      await sleep(this.#next() * pauseMs);
    }
    await Promise.all(this.#writing);
  }

  /** Files that are being written slowly. */
  get writing(): number {
    return this.#writing.size;
  }

  take(): Observation {
    return this.#observations.pop() as Observation;
  }

  newPath(directory = this.#incoming): string {
    return join(directory, `${this.#names++}_sb00.hdf5`);
  }

  readonly #acts: readonly Choice<() => void | Promise<void>>[] = [
    { name: 'renamed into place', weight: 30, act: () => this.#rename(this.newPath()) },
    { name: 'written in place', weight: 20, act: () => this.#writeInPlace() },
    { name: 'in new directories', weight: 6, act: () => this.#rename(this.newPath(this.#newDirectory())) },
    { name: 'tree moved in', weight: 4, act: () => this.#moveTreeIn() },
    { name: 'directory linked', weight: 3, act: () => this.#linkDirectory() },
    { name: 'second name', weight: 3, act: () => this.#linkFile() },
    { name: 'replaced', weight: 8, act: () => this.#replace() },
    { name: 'moved', weight: 6, act: () => this.#move() },
    { name: 'deleted', weight: 6, act: () => this.#delete() },
    { name: 'bad file', weight: 4, act: () => this.#bad() },
    { name: 'no file', weight: 2, act: () => this.#odd() },
  ];

  #rename(path: string): void {
    const observation = this.take();
    renameSync(observation.file, path);
    this.#model.arrived(path, observation);
  }

  #writeInPlace(): void {
    const observation = this.take();
    const path = this.newPath();
    const writing = writeSlowly(observation.file, path).then(() => {
      this.#model.arrived(path, observation);
      this.#writing.delete(writing);
    });
    this.#writing.add(writing);
  }

  #newDirectory(): string {
    const path = join(this.#incoming, `d${this.#names++}`, 'deep', 'er');
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** A tree with three files beside the watched directory. */
  #treeOutside(name: string): { readonly tree: string; readonly files: [string, Observation][] } {
    const tree = join(dirname(this.#incoming), name);
    const files = ['', 'a', 'a/b'].map((part): [string, Observation] => {
      mkdirSync(join(tree, part), { recursive: true });
      const file = join(part, `${this.#names++}_sb00.hdf5`);
      const observation = this.take();
      renameSync(observation.file, join(tree, file));
      return [file, observation];
    });
    return { tree, files };
  }

  #moveTreeIn(): void {
    const name = `t${this.#names++}`;
    const { tree, files } = this.#treeOutside(name);
    renameSync(tree, join(this.#incoming, name));
    for (const [file, observation] of files)
      this.#model.arrived(join(this.#incoming, name, file), observation);
  }

  /** With a loop in it. */
  #linkDirectory(): void {
    const name = `l${this.#names++}`;
    const { tree, files } = this.#treeOutside(name);
    symlinkSync(tree, join(tree, 'a', 'loop'));
    symlinkSync(tree, join(this.#incoming, name));
    for (const [file, observation] of files)
      this.#model.arrived(join(this.#incoming, name, file), observation);
  }

  #someFile(): [string, Observation] | undefined {
    const files = this.#model.looseFiles;
    return files[Math.floor(this.#next() * files.length)];
  }

  #linkFile(): void {
    const [path, observation] = this.#someFile() ?? [];
    if (path === undefined || !observation) return;
    const target = this.newPath();
    linkSync(path, target);
    this.#model.named(target, observation);
  }

  #replace(): void {
    const [path] = this.#someFile() ?? [];
    if (path !== undefined) this.#rename(path);
  }

  #move(): void {
    const [path] = this.#someFile() ?? [];
    if (path === undefined) return;
    const target = this.newPath();
    renameSync(path, target);
    this.#model.moved(path, target);
  }

  async #delete(): Promise<void> {
    const [path, observation] = this.#someFile() ?? [];
    if (path === undefined || !observation) return;
    const sameDatabase = this.#model.generation;
    const hadRow = await hasRow(this.#productsDb, path, observation.row);
    rmSync(path);
    this.#model.deleted(path, hadRow && sameDatabase === this.#model.generation);
  }

  #bad(): void {
    const path = this.newPath();
    const text = this.#next() < 0.5;
    if (text) writeFileSync(path, 'no observation at all\n'.repeat(40));
    else writeFileSync(path, readFileSync((this.#observations[0] as Observation).file).subarray(0, 20_000));
    this.#model.arrivedBad(path, text ? 'not_hdf5' : 'truncated');
  }

  #odd(): void {
    const path = this.newPath();
    if (this.#next() < 0.5) mkdirSync(path);
    else execFileSync('mkfifo', [path]);
    this.#model.arrivedOdd(path);
  }
}

async function writeSlowly(from: string, to: string): Promise<void> {
  const target = createWriteStream(to);
  for await (const piece of createReadStream(from, { highWaterMark: 32_768 })) {
    target.write(piece);
    await sleep(40);
  }
  target.end();
  await once(target, 'close');
}
