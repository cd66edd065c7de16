import { existsSync, mkdirSync, opendirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from './tools.js';

/** Files for the benchmark, in a directory each, made when they are not there. */
export class Samples {
  constructor(private readonly directory: string) {}

  /** A directory of files of the telescope's own size and layout. */
  telescope(count: number): string {
    return this.make(`telescope-${count}`, ['--full', '--count', String(count)]);
  }

  /** A directory of the smallest files, whose headers have the same layout: some 100 kB each. */
  small(count: number): string {
    return this.make(`small-${count}`, ['--nants', '2', '--nfreqs', '1', '--count', String(count)]);
  }

  /** The same, of a year of their own: no observation stands in two such directories. */
  smallOfYear(count: number, year: number): string {
    const args = [
      '--nants',
      '2',
      '--nfreqs',
      '1',
      '--count',
      String(count),
      '--start',
      `${year}-01-01T00:00:00`,
    ];
    return this.make(`small-${count}-${year}`, args);
  }

  /** A path for something else. */
  scratch(name: string): string {
    mkdirSync(this.directory, { recursive: true });
    return join(this.directory, name);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private make(name: string, args: readonly string[]): string {
    const whole = join(this.directory, name);
    if (existsSync(whole)) return whole;
    const unfinished = `${whole}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    simulate(unfinished, args);
    renameSync(unfinished, whole);
    return whole;
  }
}

/** In the directory's own order, which is the order in which backfill meets them. */
export function filesOf(directory: string): string[] {
  const opened = opendirSync(directory);
  const paths: string[] = [];
  for (let entry = opened.readSync(); entry; entry = opened.readSync())
    paths.push(join(directory, entry.name));
  opened.closeSync();
  return paths;
}
