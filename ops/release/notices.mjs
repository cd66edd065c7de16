/** What a release holds and under which licences: `licences/`, and an SBOM in CycloneDX's form. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './run.mjs';

const PROGRAM = 'pointing-monitor';

export function addNotices(tree, { node, hdf5, epoch }) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is dpkg-query's.
  const debian = (name) => output('dpkg-query', ['-W', '-f', '${source:Upstream-Version}', name]);
  const linked = [
    { name: 'HDF5', version: hdf5.version, licence: 'BSD-3-Clause', text: join(hdf5.source, 'COPYING') },
    {
      name: 'ERFA',
      version: debian('liberfa-dev'),
      licence: 'BSD-3-Clause',
      text: '/usr/share/doc/liberfa-dev/copyright',
    },
    {
      name: 'zlib',
      version: debian('zlib1g-dev'),
      licence: 'Zlib',
      text: '/usr/share/doc/zlib1g-dev/copyright',
    },
    { name: 'Node.js', version: node.version, licence: 'MIT', text: join(node.prefix, 'LICENSE') },
    {
      name: 'GCC runtime libraries',
      version: debian('libstdc++-12-dev'),
      licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
      text: '/usr/share/doc/libstdc++6/copyright',
    },
  ];
  mkdirSync(join(tree, 'licences'));
  for (const { name, text } of linked)
    copyFileSync(text, join(tree, 'licences', `${name.replaceAll(' ', '-')}.txt`));

  const bom = npmComponents(tree, node, epoch);
  bom.components.push(...linked.map(component));
  writeFileSync(join(tree, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
  const lines = bom.components.map(
    ({ name, version, licenses }) => `${name}\t${version}\t${(licenses ?? []).map(spdx).join(' AND ')}\n`,
  );
  writeFileSync(
    join(tree, 'licences', 'all.tsv'),
    ['name\tversion\tlicence (SPDX)\n', ...lines.sort()].join(''),
  );
}

const spdx = ({ expression, license }) => expression ?? license.id ?? license.name;

function component({ name, version, licence }) {
  const licenses = licence.includes(' ') ? [{ expression: licence }] : [{ license: { id: licence } }];
  return {
    type: name === 'Node.js' ? 'application' : 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    licenses,
  };
}

/** The packages that are in the tree, from npm, without what differs from run to run. */
function npmComponents(tree, { npm: [command, ...npm] }, epoch) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev'];
  const bom = JSON.parse(output(command, [...npm, ...args], { cwd: tree }));
  delete bom.serialNumber;
  bom.metadata.timestamp = new Date(Number(epoch) * 1000).toISOString();
  bom.metadata.component.name = PROGRAM;
  const there = packagesIn(tree);
  bom.components = bom.components.filter(({ name, version }) => there.has(`${name}@${version}`));
  const kept = new Set([bom.metadata.component, ...bom.components].map((each) => each['bom-ref']));
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  return bom;
}

/** `name@version` of each; package-lock.json also has those for other systems. */
function packagesIn(tree) {
  const { packages } = JSON.parse(readFileSync(join(tree, 'package-lock.json'), 'utf8'));
  const folders = Object.entries(packages).filter(
    ([folder]) => folder !== '' && existsSync(join(tree, folder)),
  );
  return new Set(
    folders.map(([folder, { version }]) => `${folder.split('node_modules/').at(-1)}@${version}`),
  );
}
