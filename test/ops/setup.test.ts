import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../helpers/needs.js';
import { root, workspace } from '../helpers/workspace.js';

test(
  'the addon needs no headers from the network, and nothing of the user’s npm configuration',
  needs('mounts'),
  (t) => {
    const { path } = workspace(t);
    const out = join(path, 'build');
    const cmakeJs = join(root, 'node_modules/.bin/cmake-js');
    const { status, stdout, stderr } = spawnSync('unshare', ['--net', cmakeJs, 'configure', '--out', out], {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: path,
        npm_config_userconfig: '/dev/null',
        npm_config_globalconfig: '/dev/null',
      },
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    const commands = readFileSync(join(out, 'compile_commands.json'), 'utf8');
    assert.match(commands, /node_modules\/node-api-headers\/include/);
    assert.doesNotMatch(commands, /include\/node\b/);
  },
);

test(
  'without root it names what is missing and the command for each distribution, and changes nothing',
  needs('others'),
  (t) => {
    const { path } = workspace(t);
    const bin = join(path, 'bin');
    mkdirSync(bin);
    chmodSync(path, 0o755);
    for (const name of ['make', 'python3']) writeFileSync(join(bin, name), '', { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'ops/setup.mjs')], {
      encoding: 'utf8',
      env: { PATH: bin },
      uid: 65534,
      gid: 65534,
    });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    const lines = stderr.trim().split('\n');
    assert.equal(
      lines[0],
      'set-up: missing: CMake, a C++ compiler. Install what is missing, then run this again:',
    );
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(/ {2,}/g, ' ').trim()),
      [
        'Debian, Ubuntu sudo apt-get install --no-install-recommends cmake g++',
        'Fedora, RHEL+EPEL sudo dnf install cmake gcc-c++',
        'conda-forge conda install -c conda-forge cmake cxx-compiler',
      ],
    );
  },
);

test(
  'interrupted while it installs packages, set-up leaves nothing behind that keeps services from starting',
  needs('mounts'),
  (t) => {
    const { path } = workspace(t);
    const bin = join(path, 'bin');
    mkdirSync(bin);
    // It notes whether services may start, and ends some time after the signal, as apt does.
    writeFileSync(
      join(bin, 'apt-get'),
      `#!/bin/sh
      case "$*" in
      *install*)
        test -x /usr/sbin/policy-rc.d && echo forbidden
        trap 'sleep 0.2; test -x /usr/sbin/policy-rc.d && echo still forbidden; exit 1' "\${SIGNAL:-USR1}"
        test -z "$SIGNAL" || kill -s "$SIGNAL" "$PPID"
        for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done ;;
      esac`,
      { mode: 0o755 },
    );
    const script = `import { install } from '${root}ops/setup/debian.mjs';
      await install(['x']);`;
    /** What it printed, what ended it, and what is in the place of the policy then. */
    const run = (signal: string, policy = '') => {
      const { stdout } = spawnSync(
        'unshare',
        [
          '--mount',
          'sh',
          '-c',
          `mount -t tmpfs tmpfs /usr/sbin
          if [ "$2" ]; then printf '%s\\n' "$2" > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; fi
          "$1" --input-type=module --eval "$3"
          echo "ended with $?"
          cat /usr/sbin/policy-rc.d 2>/dev/null`,
          'run',
          process.execPath,
          policy,
          script,
        ],
        { encoding: 'utf8', env: { PATH: `${bin}:${process.env.PATH}`, SIGNAL: signal } },
      );
      return stdout.trim().split('\n');
    };
    assert.deepEqual(run(''), ['forbidden', 'ended with 0']);
    for (const [signal, code] of [
      ['INT', 130],
      ['TERM', 143],
      ['HUP', 129],
    ] as const)
      assert.deepEqual(run(signal), ['forbidden', 'still forbidden', `ended with ${code}`]);
    // Of a set-up that was killed; and the site's own, which may allow some.
    const left = '# Of the set-up of pointing-monitor, while it installs packages.';
    assert.deepEqual(run('', left), ['forbidden', 'ended with 0']);
    assert.deepEqual(run('', '# theirs'), ['forbidden', 'ended with 0', '# theirs']);
  },
);

for (const place of ['CONDA_PREFIX', 'PKG_CONFIG_PATH']) {
  const needed = place === 'PKG_CONFIG_PATH' ? needs('pkg-config') : {};
  test(`CMake takes ERFA from ${place} rather than from the system`, needed, (t) => {
    const { path } = workspace(t);
    const [prefix, project] = [join(path, 'prefix'), join(path, 'project')];
    const described = join(prefix, 'lib/pkgconfig');
    for (const directory of [join(prefix, 'include'), described, project])
      mkdirSync(directory, { recursive: true });
    for (const file of ['include/erfa.h', 'lib/liberfa.so']) writeFileSync(join(prefix, file), '');
    writeFileSync(
      join(described, 'erfa.pc'),
      `Name: erfa\nDescription: -\nVersion: 9\nCflags: -I${prefix}/include\nLibs: -L${prefix}/lib -lerfa\n`,
    );
    writeFileSync(
      join(project, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.20)\nproject(p C CXX)\ninclude(${root}cmake/dependencies.cmake)\n`,
    );
    const { status, stdout, stderr } = spawnSync('cmake', [project], {
      cwd: path,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, [place]: place === 'CONDA_PREFIX' ? prefix : described },
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`ERFA at ${prefix}/lib/liberfa\\.so$`, 'm'));
  });
}

test('the reference system is Debian 12 as root with Node 20: only there is a skip a failure', async () => {
  const { isReferenceSystem } = await import(join(root, 'ops/setup/reference-system.mjs'));
  const reference = { osRelease: 'ID=debian\nVERSION_ID="12"\n', node: '20.20.2', uid: 0 };
  assert.equal(isReferenceSystem(reference), true);
  for (const other of [
    { osRelease: 'ID=debian\nVERSION_ID="13"\n' },
    { osRelease: 'ID=fedora\nVERSION_ID=12\n' },
    { osRelease: '' },
    { node: '24.21.0' },
    { node: '200.0.0' },
    { uid: 1000 },
  ])
    assert.equal(isReferenceSystem({ ...reference, ...other }), false, JSON.stringify(other));
});
