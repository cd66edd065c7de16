import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mjdUtc } from 'pointing-monitor/units';
import { API, SymbolFlags } from 'typescript/unstable/sync';
import { fileAt, nextTransits } from './api/example.js';
import { cli } from './helpers/cli.js';
import { compile, runProgram } from './helpers/consumer.js';
import { goldenFiles, goldenTable } from './helpers/golden.js';
import { fixture, root, workspace } from './helpers/workspace.js';

const source = (name: string) => readFileSync(join(root, 'test', 'api', name), 'utf8');
const forBrowsers = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'] };
const forNode = { module: 'nodenext', lib: ['es2023'] };
const forNodeWithConsole = { module: 'nodenext', lib: ['es2023', 'dom'] };

test('the example gives what it says', async (t) => {
  const { productsDb } = workspace(t);
  assert.equal((await cli(['backfill', fixture('dsa110'), productsDb])).code, 0);
  const file = goldenFiles().find(({ path }) => path.includes('2025-10-04T15:12:13'));
  assert.equal(await fileAt(productsDb, new Date('2025-10-04T15:13:00Z')), file?.path);
  assert.equal(await fileAt(productsDb, new Date('2025-10-04T12:00:00Z')), undefined);
  const [row] = goldenTable('transits.tsv');
  const [first] = nextTransits(row?.name as string, 1, mjdUtc(Number(row?.from_mjd)));
  const mjd = Date.parse(first as string) / 86400e3 + 40587;
  assert.ok(Math.abs(mjd - Number(row?.transit_mjd)) < 0.6 / 86400);
});

test('a program that has extracted ends by itself, whether it closed its extractor or not, and prints only its own words', (t) => {
  const [good] = goldenFiles();
  const missing = '/no/such/file';
  const program = `
    import { extractPointings, openExtractor } from 'pointing-monitor';
    const forgotten = [openExtractor(), openExtractor({ reader: 'libhdf5' })];
    const paths = process.argv.slice(2);
    const outcomes = [await extractPointings(paths), ...await Promise.all(forgotten.map((each) => each.extract(paths)))];
    for (const { pointing, error } of outcomes.flat()) console.log(pointing?.raDeg.toFixed(4) ?? error.code);
  `;
  const { status, stdout, stderr } = runProgram(t, 'program.mjs', program, [good?.path as string, missing]);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.equal(stdout, `${good?.ra_deg.toFixed(4)}\nio_error\n`.repeat(3));
});

test('importing the package does nothing to the process', (t) => {
  const program = `
    const state = () => JSON.stringify([process.eventNames().map(String), process.env, process.cwd(), process.umask(),
      process.exitCode ?? null, process.getActiveResourcesInfo().filter((name) => name !== 'TTYWrap' && name !== 'PipeWrap')]);
    const before = state();
    await import('pointing-monitor');
    const after = state();
    if (after !== before) console.log(before, after);
  `;
  assert.deepEqual(runProgram(t, 'program.mjs', program), { status: 0, stdout: '', stderr: '' });
});

test('the types load nothing, the units nothing native', (t) => {
  const code = readFileSync(join(root, 'dist', 'types.js'), 'utf8').replace(/\/\*.*?\*\/|\/\/.*$/gms, '');
  assert.equal(code.trim(), 'export {};');
  const units = readFileSync(join(root, 'dist', 'units.js'), 'utf8');
  assert.doesNotMatch(units, /^import|\brequire\b|\bprocess\b|\bBuffer\b/m);
  const program = `
    const types = await import('pointing-monitor/types');
    const { isoOfMjdUtc, mjdUtc } = await import('pointing-monitor/units');
    const native = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
    console.log(JSON.stringify([Object.keys(types), native, isoOfMjdUtc(mjdUtc(60952.5))]));
  `;
  const { stdout, stderr } = runProgram(t, 'program.mjs', program);
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), [[], [], '2025-10-04T12:00:00Z']);
});

test('the type of every answer of the API is exported', () => {
  const routes = join(root, 'src', 'serve', 'routes');
  const answers = readdirSync(routes)
    .flatMap((name) => [...readFileSync(join(routes, name), 'utf8').matchAll(/^export type (\w+Answer)\b/gm)])
    .map(([, name]) => name as string);
  assert.ok(answers.length > 10, answers.join());
  const exported = readFileSync(join(root, 'src', 'types.ts'), 'utf8');
  for (const name of answers) assert.match(exported, new RegExp(`\\b${name}\\b`));
});

test('CommonJS may require it, and nothing else of it than its three entries', (t) => {
  const program = `
    const { extractPointings } = require('pointing-monitor');
    for (const inside of ['dist/index.js', 'store/open.js', 'dist/cli.js']) {
      try { require('pointing-monitor/' + inside); } catch ({ code }) { console.log(code); }
    }
    extractPointings(process.argv.slice(2)).then(([{ pointing }]) => console.log(pointing.kind));
  `;
  const { status, stdout } = runProgram(t, 'program.cjs', program, [goldenFiles()[0]?.path as string]);
  assert.equal(status, 0);
  assert.equal(stdout, `${'ERR_PACKAGE_PATH_NOT_EXPORTED\n'.repeat(3)}hadec\n`);
});

test('programs compile in the strictest mode with this package alone: no types of its dependencies show', (t) => {
  const everything = "export * from 'pointing-monitor'; export type * from 'pointing-monitor/types';";
  assert.deepEqual(compile(t, { 'all.ts': everything }, forNode), []);
  assert.deepEqual(compile(t, { 'example.ts': source('example.ts') }, forNodeWithConsole), []);
  assert.deepEqual(compile(t, { 'dashboard.ts': source('dashboard.ts') }, forBrowsers), []);
  const commonJs =
    "import monitor = require('pointing-monitor'); export const version: string = monitor.VERSION;";
  assert.deepEqual(compile(t, { 'program.cts': commonJs }, forNode), []);
});

test('a wrong use does not compile: each line is refused for its type', (t) => {
  const before = `
import { degrees, extractPointings, isoOfMjdUtc, mjdUtc, openHistory, transits, unixSeconds } from 'pointing-monitor';
import type { Answers, ErrorCode } from 'pointing-monitor/types';
const history = await openHistory('products.sqlite3');
const [outcome] = await extractPointings(['a.hdf5']);
declare const answer: Answers['/api/pointing_history'];
declare const status: Answers['/api/pointing-monitor/status'];
`.trim();
  const range = '{ fromMjdUtc: mjdUtc(60952), toMjdUtc: mjdUtc(60953) }';
  const wrong: [string, string][] = [
    ['TS2345', "await extractPointings('a.hdf5');"],
    ['TS2322', "await extractPointings([], { reader: 'h5py' });"],
    ['TS2345', 'await history.nearest(degrees(60952), 155);'],
    ['TS2345', 'await history.nearest(60952, 155);'],
    ['TS2345', 'await history.nearest(unixSeconds(1759590861), 155);'],
    ['TS2322', "transits('3C286', { fromMjdUtc: unixSeconds(1759590861), toMjdUtc: mjdUtc(60953) });"],
    ['TS2322', `transits({ name: '', raIcrsDeg: mjdUtc(202.78), decIcrsDeg: degrees(30.5) }, ${range});`],
    ['TS2345', 'isoOfMjdUtc(answer.items[0]!.ra_deg);'],
    ['TS2532', 'outcome!.pointing.raDeg;'],
    ['TS2322', "const code: ErrorCode = 'not_found';"],
    ['TS2339', 'status.metrics.files_failed;'],
  ];
  const program = `${before}\n${wrong.map(([, line]) => line).join('\n')}`;
  const complaints = compile(t, { 'wrong.ts': program }, forNode);
  const first = before.split('\n').length + 1;
  assert.deepEqual(
    complaints.flatMap(
      (line) => /^wrong\.ts\((\d+),\d+\): error (TS\d+)/.exec(line)?.slice(1).join(' ') ?? [],
    ),
    wrong.map(([code], i) => `${first + i} ${code}`),
    complaints.join('\n'),
  );
});

test('everything that is exported says what it is', () => {
  const project = join(root, 'src', 'tsconfig.json');
  const api = new API({ cwd: root });
  try {
    const { program, checker } = api.updateSnapshot({ openProjects: [project] }).getProject(project) ?? {};
    for (const [entry, min] of [
      ['index.ts', 60],
      ['types.ts', 30],
      ['units.ts', 10],
    ] as const) {
      const file = program?.getSourceFile(join(root, 'src', entry));
      const module = file && checker?.getSymbolAtLocation(file);
      assert.ok(module && checker);
      const names = checker.getExportsOfModule(module).map((symbol) => {
        const itself = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        assert.ok(checker.getDocumentationCommentOfSymbol(itself) !== '', `${entry}: ${symbol.name}`);
        return symbol.name;
      });
      assert.ok(names.length >= min, `${entry} exports ${names.length} names`);
    }
  } finally {
    api.close();
  }
});
