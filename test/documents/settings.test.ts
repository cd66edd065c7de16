import assert from 'node:assert/strict';
import { test } from 'node:test';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { commandNames, loadCommands } from '#src/cli/commands/index.js';
import { readEnvironment } from '#src/cli/config.js';
import { Document } from '../helpers/documents.js';

const settings = new Document('docs/settings.md');
const GENERAL = ['help', 'version'];

interface Options {
  readonly key: Record<string, unknown>;
  readonly default: Record<string, unknown>;
}

/** The options of a command and their defaults, from yargs itself. */
async function optionsOf(name: string) {
  const [command] = (await loadCommands(name, readEnvironment({}))) as [CommandModule];
  const parser = yargs([]) as Argv & { getOptions(): Options };
  const positionals = new Set([...String(command.command).matchAll(/[[<](\w+)/g)].map(([, each]) => each));
  (command.builder as (args: Argv) => Argv)(parser);
  const { key, default: defaults } = parser.getOptions();
  return Object.keys(key)
    .filter((option) => !positionals.has(option) && !GENERAL.includes(option))
    .map((option) => ({ option, default: defaults[option] }));
}

/** The rows of a command's table: options and defaults as documented. */
function documented(name: string) {
  return [...settings.section(name).matchAll(/^\| `--([\w-]+)` \| (.*?) \|/gm)].map(([, option, value]) => ({
    option,
    value: (value as string).replaceAll('`', ''),
  }));
}

for (const name of commandNames) {
  test(`every option of ${name} is documented, with its default`, async () => {
    const rows = documented(name);
    const options = await optionsOf(name);
    assert.deepEqual(rows.map(({ option }) => option).sort(), options.map(({ option }) => option).sort());
    for (const { option, default: value } of options) {
      const row = rows.find((each) => each.option === option);
      if (value !== undefined) assert.equal(row?.value, String(value), `--${option}`);
    }
  });
}

test('every variable of the environment is documented', () => {
  const source = readEnvironment.toString();
  const read = [...source.matchAll(/env\.([A-Z_]+)/g)].map(([, name]) => name as string);
  assert.ok(read.length >= 5);
  for (const name of read) assert.match(settings.section('Environment'), new RegExp(`^\\| \`${name}\``, 'm'));
});

test('every command has its own section', () => {
  for (const name of commandNames) assert.ok(settings.headings.includes(name), name);
});
