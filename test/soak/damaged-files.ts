import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostileKinds, writeHostile } from '../helpers/hostile.js';
import { simulate } from '../helpers/simulator.js';
import { fixture } from '../helpers/workspace.js';
import { type Choice, pick } from './pick.js';

/** What must come of a file. With neither of the two the damage decides. */
export interface Fate {
  /** The code of its failure, or `read` for a row. */
  readonly code?: string;
  /** It must get this file's row. */
  readonly copyOf?: string;
}

const HEAD_BYTES = 32_768;
const INTERVAL_SECONDS = 309;
/** More than `--give-up-after`. */
const QUIET_SECONDS = 7200;

/** Writes good files, files with a known fault and files with random damage. */
export class DamagedFiles {
  readonly #next: () => number;
  readonly #templates: readonly Buffer[];
  readonly #kinds: readonly Choice<(path: string) => Fate>[];
  #good: string[] = [];

  constructor(directory: string, next: () => number) {
    this.#next = next;
    const made = (name: string, ...args: string[]) => {
      const [file] = simulate(join(directory, name), ['--ntimes', '4', ...args]);
      return readFileSync(file as string);
    };
    const plain = made('plain');
    this.#templates = [
      plain,
      made('gzip', '--gzip'),
      made('latest', '--libver', 'latest'),
      ...['dsa110/2025-10-04T15:12:13_sb00.hdf5', 'uvh5/zen.2458661.23480.HH_oldproj_icrs.uvh5'].map((name) =>
        readFileSync(fixture(name)),
      ),
    ];
    const always = (bytes: Buffer, code: string) => (path: string) => {
      writeFileSync(path, bytes);
      return { code };
    };
    this.#kinds = [
      { name: 'good', weight: 10, act: (path) => this.#putGood(path) },
      { name: 'damaged', weight: 70, act: (path) => this.#damage(path) },
      { name: 'cut short', weight: 10, act: (path) => this.#cutShort(path, plain) },
      { name: 'text', weight: 3, act: always(Buffer.from('no observation\n'.repeat(50)), 'not_hdf5') },
      ...[
        { skip: 'time_array', code: 'no_time_array' },
        { skip: 'phase_center_dec', code: 'no_declination' },
        { skip: 'ha_phase_center', code: 'no_hour_angle' },
      ].map(({ skip, code }) => ({
        name: code,
        weight: 2,
        act: always(made(code, '--skip', skip), code),
      })),
      { name: 'hostile', weight: 1, act: (path) => this.#putHostile(path) },
    ];
  }

  /** Has so many good files at hand, which begin with this observation. */
  prepareGood(directory: string, first: number, count: number): void {
    mkdirSync(directory, { recursive: true });
    const start = new Date(Date.parse('2021-01-01T00:00:00Z') + first * INTERVAL_SECONDS * 1000);
    const schedule = ['--count', String(count), '--start', start.toISOString().slice(0, 19)];
    this.#good = simulate(directory, [...schedule, '--ntimes', '4']);
  }

  /** Writes a file of some kind, whole when this returns. Its last change is long past, so that nothing waits for the rest of it. */
  write(path: string): Fate {
    const fate = pick(this.#kinds, this.#next).act(path);
    const then = Date.now() / 1000 - QUIET_SECONDS;
    utimesSync(path, then, then);
    return fate;
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  #putGood(path: string): Fate {
    const file = this.#good.pop();
    if (file === undefined) return this.#damage(path);
    copyFileSync(file, path);
    return { copyOf: file };
  }

  #damage(path: string): Fate {
    const bytes = Buffer.from(this.#templates[this.#below(this.#templates.length)] as Buffer);
    for (let edits = 1 + this.#below(8); edits > 0; edits--) {
      const length = 1 + this.#below(this.#next() < 0.8 ? 2 : 64);
      const at = this.#below(this.#next() < 0.5 ? 4096 : HEAD_BYTES);
      bytes.fill([0, 255, this.#below(256)][this.#below(3)] as number, at, at + length);
    }
    writeFileSync(path, bytes);
    return {};
  }

  #cutShort(path: string, whole: Buffer): Fate {
    writeFileSync(path, whole.subarray(0, 1000 + this.#below(whole.length - 1000)));
    return { code: 'truncated' };
  }

  #putHostile(path: string): Fate {
    const { name, code } = hostileKinds[this.#below(hostileKinds.length)] as (typeof hostileKinds)[number];
    writeHostile(name, path);
    return { code };
  }
}
