/**
 * `npm run release`: writes dist-release/pointing-monitor-VERSION-linux-x64.tar.gz, which runs on a host without Node, HDF5 or a
 * compiler. Built from the last commit, on Debian 12, whose C library is the oldest that it is to run with; twice the same bytes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildAddon, staticHdf5 } from './release/native.mjs';
import { releaseNode } from './release/node.mjs';
import { addNotices } from './release/notices.mjs';
import { output, run } from './release/run.mjs';
import { stageTree } from './release/stage.mjs';

const OLDEST_GLIBC = '2.36';
const work = resolve('dist-release/work');
const target = resolve('dist-release');

const glibc = process.report.getReport().header.glibcVersionRuntime;
if (process.arch !== 'x64' || glibc !== OLDEST_GLIBC) {
  process.stderr.write(
    `release: needs x86-64 and glibc ${OLDEST_GLIBC}, as Debian 12 has it; here is ${process.arch}, glibc ${glibc}\n`,
  );
  process.exit(1);
}

// Of the last commit, so that it does not depend on when this runs.
const epoch = output('git', ['log', '-1', '--format=%ct']).trim();
process.env.SOURCE_DATE_EPOCH = epoch;
process.umask(0o022);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = `pointing-monitor-${version}-linux-x64`;
const tree = join(work, name);

rmSync(tree, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const node = releaseNode(work);
const hdf5 = staticHdf5(work);
const addon = buildAddon(work, hdf5);
stageTree(tree, { node, addon });
addNotices(tree, { node, hdf5, epoch });

const archive = join(target, `${name}.tar.gz`);
const part = `${archive}.part`;
const headers = '--sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX';
run('tar', [
  '--create',
  ...headers.split(' '),
  `--mtime=@${epoch}`,
  '--use-compress-program=gzip --no-name -9',
  `--file=${part}`,
  `--directory=${work}`,
  name,
]);
renameSync(part, archive);
const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
writeFileSync(`${archive}.sha256`, `${sha256}  ${name}.tar.gz\n`);
process.stdout.write(`${archive}\nsha256 ${sha256}\n`);
