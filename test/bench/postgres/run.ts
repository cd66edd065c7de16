/** `npm run bench:postgres [writers|merge|hosts|growth]`: what a shared database bears. Takes a server of its own, with its usual settings. */
import { Postgres } from '../../helpers/postgres.js';
import { type Growth, growth } from './growth.js';
import { type HostsLoad, hostsLoad } from './hosts.js';
import { mergeRates } from './merges.js';
import { copyRate, type WriterRate, writerRates } from './writers.js';

const HOSTS = [100, 1000];
const chosen = process.argv.slice(2);
const wanted = (part: string) => chosen.length === 0 || chosen.includes(part);
const progress = (text: string) => process.stderr.write(`bench: ${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

function printWriters(copy: number, rates: readonly WriterRate[]): void {
  print(`COPY into the same tables: ${Math.round(copy)} rows/s`);
  for (const { writers, rowsPerSecond } of rates) {
    print(
      `${writers} writers: ${Math.round(rowsPerSecond)} rows/s, ${(rowsPerSecond / copy).toFixed(2)} of COPY`,
    );
  }
}

function printHosts(load: HostsLoad): void {
  print(
    `${load.hosts} hosts: ${load.commits} rows in a minute, record ${load.recordMedianMs.toFixed(1)} ms median, ${load.recordP99Ms.toFixed(1)} ms p99, probe ${load.probeP99Ms.toFixed(1)} ms p99; ${load.connections} connections; server ${load.serverMegabytes.toFixed(0)} MB, ${load.serverCpuPercent.toFixed(0)} % of a core`,
  );
}

function printGrowth(sizes: readonly Growth[]): void {
  print(`rows: ${sizes.map(({ rows }) => rows).join('  ')}`);
  print(
    `bytes a row, both tables with indexes: ${sizes.map(({ bytesPerRow }) => Math.round(bytesPerRow)).join('  ')}`,
  );
  for (const name of Object.keys(sizes[0]?.milliseconds ?? {})) {
    print(
      `${name}: ${sizes.map(({ milliseconds }) => (milliseconds[name] as number).toFixed(1)).join('  ')} ms`,
    );
  }
  for (const name of Object.keys(
    sizes[0]?.api.milliseconds ?? {},
  ) as (keyof Growth['api']['milliseconds'])[]) {
    const times = sizes.map(({ api }) => api.milliseconds[name]);
    const each = times.map(({ first, later }) => `${first.toFixed(0)} and ${later.toFixed(0)}`);
    print(`by API, ${name}: ${each.join('  ')} ms, the first answer and later ones`);
  }
  print(
    `latest meanwhile, at most: ${sizes.map(({ api }) => api.latestMeanwhileMs.toFixed(0)).join('  ')} ms`,
  );
  print(`the server of the API: ${sizes.map(({ api }) => api.serverMb.toFixed(0)).join('  ')} MB`);
}

// A real disk's fsync, as a site has it; and room for a connection or two of every host.
const postgres = await Postgres.start(undefined, ['fsync=on', 'max_connections=2200']);
try {
  if (wanted('writers')) {
    progress('writers');
    printWriters(await copyRate(postgres), await writerRates(postgres));
  }
  if (wanted('merge')) {
    progress('merge');
    for (const { target, first, again } of await mergeRates(postgres))
      print(`merge into ${target}: ${Math.round(first)} rows/s, again ${Math.round(again)} rows/s`);
  }
  if (wanted('hosts')) {
    for (const hosts of HOSTS) {
      progress(`${hosts} hosts`);
      printHosts(await hostsLoad(postgres, hosts));
    }
  }
  if (wanted('growth')) printGrowth(await growth(postgres, progress));
} finally {
  await postgres.remove();
}
