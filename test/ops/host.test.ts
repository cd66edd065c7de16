import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onFreshHost } from '../helpers/fresh-host.js';
import { needs } from '../helpers/needs.js';
import { fixture, root } from '../helpers/workspace.js';

const needsRoot = needs('mounts');

test(
  'on a fresh host the units’ user can run what was installed, and owns the state alone',
  needsRoot,
  () => {
    const { code, stdout, stderr } = onFreshHost(`
    mkdir /mnt/incoming
    cp ${fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5')} /mnt/incoming
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/site/state
    echo == owners
    stat --format '%U %a %n' /mnt/site /mnt/site/state /mnt/site/state/logs /etc/contimg /opt/pointing-monitor/
    stat --format '%U:%G %a %n' /etc/contimg/contimg.env
    test -e /etc/sysusers.d/pointing-monitor.conf
    echo == run
    cd /
    setpriv --reuid=contimg --regid=contimg --init-groups env --ignore-environment /usr/local/bin/pointing-monitor backfill --json
    stat --format '%U' /mnt/site/state/products.sqlite3
    ls /var/lib/pointing-monitor/known-databases | wc -l
    echo == documents
    pointing-monitor backup /mnt/copy postgresql://db/products 2>&1 || ls "$(pointing-monitor backup /mnt/copy postgresql://db/products 2>&1 | sed 's/.* see //')"
    echo == completion
    bash -ec '
      . /usr/local/share/bash-completion/completions/pointing-monitor
      for line in "pointing-monitor back" "pointing-monitor backfill --sta" "pointing-monitor extract /mnt/inc"; do
        COMP_WORDS=($line) COMP_CWORD=$(($(echo $line | wc -w) - 1)) COMPREPLY=()
        _pointing_monitor
        echo "\${COMPREPLY[*]}"
      done'
    echo == again
    /opt/pointing-monitor/ops/install
    echo == uninstall
    /opt/pointing-monitor/ops/uninstall --purge
    echo == left
    find /mnt/site -type f | sort
    test ! -e /opt/pointing-monitor
    test ! -e /etc/contimg
    id contimg 2>&1 || true
    echo == before
    useradd --system contimg
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/site/state >/dev/null
    test ! -e /etc/sysusers.d/pointing-monitor.conf
    ${root}/ops/uninstall --purge | tail -n 1
    id --name --user contimg
  `);
    assert.equal(code, 0, stderr);
    const part = (name: string) =>
      stdout
        .split(/^== /m)
        .find((each) => each.startsWith(name))
        ?.split('\n')
        .slice(1, -1) ?? [];
    assert.deepEqual(part('owners'), [
      'root 755 /mnt/site',
      'contimg 755 /mnt/site/state',
      'contimg 755 /mnt/site/state/logs',
      'root 755 /etc/contimg',
      'root 755 /opt/pointing-monitor/',
      'root:contimg 640 /etc/contimg/contimg.env',
    ]);
    const [summary, owner, remembered] = part('run').slice(-3);
    assert.deepEqual([JSON.parse(summary as string).succeeded, owner, remembered], [1, 'contimg', '1']);
    assert.equal(part('documents').at(-1), '/opt/pointing-monitor/docs/many-hosts.md');
    // A file's name is completed by the shell itself, once the program has none to give.
    assert.deepEqual(part('completion'), ['backfill backup', '--start-date', '']);
    assert.deepEqual(part('again'), ['nothing to do: already installed']);
    assert.ok(part('uninstall').includes('remove the user contimg'));
    const left = part('left');
    assert.ok(left.includes('/mnt/site/state/products.sqlite3'));
    assert.match(left.at(-1) as string, /no such user/);
    // A user that was there before is not ours to remove.
    const [listed, user] = part('before').slice(-2);
    assert.match(listed as string, /^left in place: .*, the user contimg$/);
    assert.equal(user, 'contimg');
    assert.match(stderr, /^install: note: systemd is not running here/m);
  },
);

test(
  'on a host it reports what the units’ user cannot access, and refuses to run without root',
  needsRoot,
  () => {
    const { code, stdout, stderr } = onFreshHost(`
    mkdir -m 700 /mnt/incoming /mnt/state
    useradd --system --gid nogroup contimg
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/state && exit 9
    groupadd --system contimg
    usermod --append --groups contimg contimg
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/state >/dev/null
    stat --format '%U %a' /mnt/state
    stat --format '%U:%G' /etc/contimg/contimg.env /mnt/state/logs
    cp -r /opt/pointing-monitor/. /mnt/copy
    setpriv --reuid=65534 --regid=65534 --clear-groups /mnt/copy/ops/install
  `);
    assert.equal(code, 1);
    assert.equal(stdout, 'root 700\nroot:contimg\ncontimg:contimg\n');
    assert.match(stderr, /^install: the user contimg exists, but no group of that name/m);
    assert.match(stderr, /^install: note: contimg cannot read \/mnt\/incoming$/m);
    assert.match(
      stderr,
      /^install: note: contimg cannot write to \/mnt\/state: chown contimg: \/mnt\/state$/m,
    );
    assert.match(stderr, /^install: not root: run with sudo \(--prefix DIR only lays the files out/m);
  },
);

test(
  'settings that anybody could read, and logs of another user, are given to the service',
  needsRoot,
  () => {
    const { code, stdout, stderr } = onFreshHost(`
    mkdir -p /mnt/incoming /mnt/state/logs /etc/contimg
    printf 'CONTIMG_INPUT_DIR=/mnt/incoming\\nPIPELINE_STATE_DIR=/mnt/state\\n' > /etc/contimg/contimg.env
    chmod 644 /etc/contimg/contimg.env
    for name in pointing-monitor.out pointing-monitor.err other.log; do echo > /mnt/state/logs/$name; done
    ln /mnt/state/logs/pointing-monitor.err /mnt/state/second-name
    ${root}/ops/install >/dev/null
    cd /mnt/state
    stat --format '%U:%G %a %n' /etc/contimg/contimg.env
    stat --format '%U %n' logs logs/*
    setpriv --reuid=65534 --regid=65534 --clear-groups pointing-monitor --version > /dev/null
  `);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split('\n'), [
      'root:contimg 640 /etc/contimg/contimg.env',
      'contimg logs',
      'root logs/other.log',
      'root logs/pointing-monitor.err',
      'contimg logs/pointing-monitor.out',
    ]);
    assert.match(
      stderr,
      /^pointing-monitor: note: you cannot read \/etc\/contimg\/contimg\.env, .*join the group contimg$/m,
    );
  },
);

test(
  'for those who cannot read the service’s password file, their own counts, unless they name another',
  needsRoot,
  () => {
    const { code, stdout, stderr } = onFreshHost(`
    mkdir /mnt/incoming
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/state >/dev/null
    echo 'console.log(process.env.PGPASSFILE)' > /opt/pointing-monitor/dist/bundle/pointing-monitor.js
    as() { user=$1; shift; setpriv --reuid=$user --regid=contimg --clear-groups env --ignore-environment HOME=/home/me "$@" /usr/local/bin/pointing-monitor; }
    as 65534
    for line in PGPASSFILE=/etc/contimg/pgpass 'PGPASSFILE="/etc/contimg/pgpass"'; do
      echo "$line" >> /etc/contimg/contimg.env
      as 65534
      install --mode 600 --owner contimg /dev/null /etc/contimg/pgpass
      as contimg
      as 65534
      as 65534 PGPASSFILE=/mine
      rm /etc/contimg/pgpass
    done
  `);
    assert.equal(code, 0, stderr);
    const each = ['/etc/contimg/pgpass', '/etc/contimg/pgpass', '/home/me/.pgpass', '/mine'];
    assert.deepEqual(stdout.trim().split('\n'), ['undefined', ...each, ...each]);
  },
);

test(
  'going back needs the earlier release’s word on the database; without root nobody is asked',
  needsRoot,
  () => {
    const { code, stdout, stderr } = onFreshHost(`
    mkdir /mnt/incoming
    ${root}/ops/install --input-dir /mnt/incoming --state-dir /mnt/state >/dev/null
    first=$(readlink -f /opt/pointing-monitor)
    cp -r $first /mnt/next
    echo >> /mnt/next/CHANGELOG.md
    /mnt/next/ops/install >/dev/null
    cp $first/dist/bundle/pointing-monitor.js /mnt/whole.js
    echo 'console.error("no such library"); process.exit(1)' > $first/dist/bundle/pointing-monitor.js
    /opt/pointing-monitor/ops/install --rollback && exit 9
    setpriv --reuid=65534 --regid=65534 --clear-groups /opt/pointing-monitor/ops/install --rollback --dry-run || true
    cp /mnt/whole.js $first/dist/bundle/pointing-monitor.js
    echo 'not a database, and longer than its header' > /mnt/state/products.sqlite3
    /opt/pointing-monitor/ops/install --rollback && exit 9
    rm /mnt/state/products.sqlite3
    echo == back
    /opt/pointing-monitor/ops/install --rollback >/dev/null
    test $(readlink -f /opt/pointing-monitor) = $first
  `);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(
      stderr,
      /^install: the earlier release does not say .*, because its doctor failed: no such library\. Look into that, or run \/opt\/\S+\/ops\/install to go back all the same$/m,
    );
    assert.match(stderr, /^install: note: only root can ask the earlier release/m);
    assert.match(stderr, /^install: this user cannot read \/etc\/contimg\/contimg\.env: run with sudo$/m);
    assert.doesNotMatch(stderr, /^ +at /m);
    assert.match(stderr, /^install: the earlier release cannot use the database: .* Restore a backup/m);
  },
);
