/** Options, messages and steps, as `ops/install` and `ops/uninstall` share them. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE_ERROR = 2;

/** A command that prints each step, and errors in one line. */
export class Command {
  #name;
  #usage;

  constructor(name, usage) {
    this.#name = name;
    this.#usage = usage;
  }

  /** The values of the given options; `prefix` is an absolute path, or empty for the host itself. */
  options(known) {
    const options = { help: { type: 'boolean' }, prefix: { type: 'string' }, 'dry-run': { type: 'boolean' } };
    let values;
    try {
      ({ values } = parseArgs({ options: { ...options, ...known } }));
    } catch (error) {
      this.fail(`${error.message.split('. ')[0]}; --help lists the options`, USAGE_ERROR);
    }
    if (values.help) {
      process.stdout.write(this.#usage);
      process.exit(0);
    }
    if (values.prefix === '') this.fail('--prefix: expected a directory', USAGE_ERROR);
    const prefix = values.prefix === undefined ? '' : resolve(values.prefix);
    return { ...values, prefix: prefix === '/' ? '' : prefix };
  }

  say(line) {
    process.stdout.write(`${line}\n`);
  }

  note(line) {
    process.stderr.write(`${this.#name}: note: ${line}\n`);
  }

  fail(line, code = 1) {
    process.stderr.write(`${this.#name}: ${line}\n`);
    process.exit(code);
  }

  /** Runs the steps in order, or only prints them. A step is `{ what, act }`. */
  run(steps, { dryRun }) {
    for (const { what, act } of steps) {
      try {
        if (!dryRun) act();
      } catch (error) {
        this.fail(`could not ${what}: ${error.message}`);
      }
      this.say(dryRun ? `would ${what}` : what);
    }
  }
}
