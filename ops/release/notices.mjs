/** What a release holds and under which licences: `licences/`, and an SBOM in CycloneDX's form. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './run.mjs';

const PROGRAM = 'pointing-monitor';

export function addNotices(tree, { node, hdf5, epoch }) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is dpkg-query's.
  const debian = (name) => output('dpkg-query', ['-W', '-f', '${source:Upstream-Version}', name]);
  const copyright = (name) => readFileSync(`/usr/share/doc/${name}/copyright`);
  const linked = [
    {
      name: 'HDF5',
      version: hdf5.version,
      licence: 'BSD-3-Clause',
      text: readFileSync(join(hdf5.source, 'COPYING')),
    },
    {
      name: 'ERFA',
      version: debian('liberfa-dev'),
      licence: 'BSD-3-Clause',
      text: copyright('liberfa-dev'),
    },
    {
      name: 'zlib',
      version: debian('zlib1g-dev'),
      licence: 'Zlib',
      text: copyright('zlib1g-dev'),
    },
    {
      name: 'Node.js',
      version: node.version,
      licence: 'MIT',
      text: readFileSync(join(node.prefix, 'LICENSE')),
    },
    {
      name: 'GCC runtime libraries',
      version: debian('libstdc++-12-dev'),
      licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
      text: copyright('libstdc++6'),
    },
  ];
  const held = [...linked, ...inPage(tree)];
  mkdirSync(join(tree, 'licences'));
  for (const { name, text } of held)
    writeFileSync(join(tree, 'licences', `${name.replaceAll(' ', '-')}.txt`), text);

  const bom = npmComponents(tree, node, epoch);
  bom.components.push(...held.map(component));
  writeFileSync(join(tree, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
  const lines = bom.components.map(
    ({ name, version, licenses }) => `${name}\t${version}\t${(licenses ?? []).map(spdx).join(' AND ')}\n`,
  );
  writeFileSync(
    join(tree, 'licences', 'all.tsv'),
    ['name\tversion\tlicence (SPDX)\n', ...lines.sort()].join(''),
  );
}

/** The npm packages of which something is in the page, as Vite lists them. */
const inPage = (tree) =>
  JSON.parse(readFileSync(join(tree, 'dist/web/licences.json'), 'utf8')).map(
    ({ name, version, identifier, text }) => ({
      name,
      version,
      licence: identifier,
      text,
      purl: `pkg:npm/${name}@${version}`,
    }),
  );

const spdx = ({ expression, license }) => expression ?? license.id ?? license.name;

function component({ name, version, licence, purl }) {
  const licenses = licence.includes(' ') ? [{ expression: licence }] : [{ license: { id: licence } }];
  return {
    type: name === 'Node.js' ? 'application' : 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    licenses,
    ...(purl && { purl }),
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
