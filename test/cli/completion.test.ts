import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { putOnPath } from '../helpers/cli.js';
import { root, workspace } from '../helpers/workspace.js';

const scripts = join(root, 'ops/completion');
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** Asks each shell itself; the program is on its path, as installed. */
function asker(t: TestContext, shell: 'bash' | 'fish') {
  const { path } = workspace(t);
  putOnPath(path);
  const env = { ...process.env, PATH: `${path}:${process.env.PATH}`, HOME: path, TERM: 'dumb' };
  const run = (args: string[]) => {
    const { stdout, stderr, status } = spawnSync(shell, args, { encoding: 'utf8', env });
    assert.equal(stderr, '', stdout);
    assert.equal(status, 0);
    return stdout.split('\n').filter(Boolean);
  };
  return (line: string): string[] => {
    switch (shell) {
      case 'bash':
        return run([
          '-c',
          `compopt() { :; }; source ${scripts}/pointing-monitor.bash; COMP_WORDS=(${line.replace(/ $/, " ''")})
           COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pointing_monitor; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ]);
      case 'fish':
        return run(['-c', `source ${scripts}/pointing-monitor.fish; complete -C '${line}'`]).map(
          (each) => each.split('\t')[0] as string,
        );
    }
  };
}

const cases: [line: string, expected: readonly string[]][] = [
  ['pointing-monitor mon', ['monitor']],
  ['pointing-monitor monitor --reconcile', ['--reconcile-interval']],
  ['pointing-monitor monitor --no-e', ['--no-events']],
  ['pointing-monitor retry --code no_d', ['no_declination']],
  ['pointing-monitor monitor --log-level W', ['WARNING']],
  ['pointing-monitor extract --reader lib', ['libhdf5']],
  ['pointing-monitor transits 3C286', ['3C286']],
  ['pointing-monitor transits J1331+303', ['J1331+3030']],
];

for (const shell of ['bash', 'fish'] as const) {
  test(`${shell} completes commands, flags, values and calibrators`, {
    skip: !has(shell) && `no ${shell}`,
  }, (t) => {
    const completions = asker(t, shell);
    for (const [line, expected] of cases) {
      const found = completions(line);
      assert.deepEqual(found, expected, line);
    }
  });
}

test('zsh gets each flag with its values', { skip: !has('zsh') && 'no zsh' }, () => {
  // zsh completes in its line editor alone; these are what its own functions are called with.
  const stubs = '_arguments() { print -rl -- "$@" }; _describe() { print -rl -- $commands }';
  const ask = (words: string, current: number) =>
    spawnSync(
      'zsh',
      ['-fc', `${stubs}; words=(${words}); CURRENT=${current}; source ${scripts}/_pointing-monitor`],
      {
        encoding: 'utf8',
      },
    );
  const flags = ask('pointing-monitor retry --code', 4);
  assert.equal(flags.stderr, '');
  assert.match(flags.stdout, /^--code\[Only files .*\]:code:\(not_hdf5 .*not_stored\)$/m);
  assert.match(flags.stdout, /^\*--path\[/m);
  assert.match(ask('pointing-monitor mon', 2).stdout, /^monitor:Watch a directory/m);
});
