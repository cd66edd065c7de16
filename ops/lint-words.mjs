/**
 * Finds phrases that do not read like English, in documents, comments and messages.
 *
 *   node ops/lint-words.mjs PATH...
 *
 * Exits with 1 if there are any.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What to look for, and what to write. */
const PHRASES = [
  [/(?<!\bor )\bmay not be\b/i, '"cannot be" for inability, "must not be" for a prohibition'],
  [/\banew\b/i, '"again"; a file is "reopened", a process "restarted"'],
  [/\bmend(s|ed|ing)?\b/i, '"fix", "correct" or "repair"'],
  [/\bfor ever\b/i, '"forever"'],
  [/\bonce more\b/i, '"again"'],
  [/\b(is|are) away\b|(?<!there )\b(is|are) none\b/i, '"is missing", "is not responding", "is not a ..."'],
  [/\bheard of\b/i, '"not responding"'],
  [/\b(tell|tells|told) of\b/i, '"report" or "know about"'],
  [/\b(says|said|say) (how|so|no more)\b/i, '"reports", "shows", "explains"'],
  [
    /(^|[.:;(] +)(Who|What) (only|alone|is|are|the \w+)\b(?![^.;:]*\?)/,
    'a noun: "readers that ...", "anything that ..."',
  ],
  [/\bwhoever\b/i, '"anyone who", or name the person'],
  [/\b(in|at) so (many|long|much)\b|\bfor so long\b/i, 'the number, or "this many"'],
  [/\bha(s|ve) (the|its|\w+ed) [\w ]{1,20}\b(made|read) again\b/i, 'an active verb: "re-queues", "rereads"'],
  [
    /\b(object|row|line|doubles) an? (line|file|row|host|interval|check|transit|database)\b/i,
    '"per", not "a"',
  ],
  [/\b(least|most) (change|flux)\b/i, '"minimum", "maximum"'],
  [/\breader answers\b/i, '"reader to use"'],
  [/\bstopped in (good )?order\b/i, '"stopped cleanly"'],
  [/\bkeeps the status file\b/i, '"owns the status file"'],
  [/\btakes? (no )?rows again\b/i, '"database writes resumed"'],
  [/\bwhat is in hand\b/i, '"work in progress"'],
  [/\bhas not ended\b/i, '"is still running"'],
  [/\bis of (a|another|an) (time|version|age)\b/i, '"has ..." or "is from ..."'],
  [/\b(is|are) left alone\b/i, '"is not retried"'],
  [/\bfault of the program\b/i, '"internal error"'],
  [/\bthe replaced system\b/i, '"the Python monitor"'],
  [/\bis in trouble\b/i, 'what failed'],
  [/\btried again\b/i, '"retried"'],
  [/\bwhere there (is|was) (none|no \w+|one)\b/i, '"if ...", "unless ..."'],
  [/\blooks?\b[^.;]*\bby day\b/i, '"during the day"'],
  [/\b(brings?|brought) (them )?together\b/i, '"combine"'],
];

/** Text that a person reads, the rest blanked out so that line numbers hold. */
const CODE = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const MARKDOWN_CODE = /^```\w*\n[\s\S]*?^```$|`[^`\n]*`/gm;
const HASH = /(^|\s)#.*|"[^"\n]*"|'[^'\n]*'|^\s+[A-Z].*/gm;
const blank = (text) => text.replaceAll(/[^\n]/g, ' ');

function only(text, pattern) {
  let prose = '';
  let end = 0;
  for (const { 0: found, index } of text.matchAll(pattern)) {
    prose += blank(text.slice(end, index)) + found;
    end = index + found.length;
  }
  return prose + blank(text.slice(end));
}

const MARKDOWN = (text) => text.replaceAll(MARKDOWN_CODE, blank);
const PROGRAM = (text) => only(text, CODE);
const SCRIPT = (text) => only(text, HASH);
const WHOLE = (text) => text;
const PROSE = {
  '.md': MARKDOWN,
  ...Object.fromEntries(['.ts', '.mjs', '.js', '.cc', '.h'].map((extension) => [extension, PROGRAM])),
  ...Object.fromEntries(
    ['', '.sh', '.sbatch', '.conf', '.env', '.service', '.bash'].map((each) => [each, SCRIPT]),
  ),
  ...Object.fromEntries(['.yml', '.yaml', '.json', '.html'].map((extension) => [extension, WHOLE])),
};

function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'fixtures', 'LICENSE'].includes(name))
    .flatMap(({ name }) => filesIn(join(path, name)));
}

function findings(path) {
  const prose = PROSE[extname(path)];
  if (!prose || basename(path) === basename(fileURLToPath(import.meta.url))) return [];
  return prose(readFileSync(path, 'utf8'))
    .split('\n')
    .flatMap((line, i) =>
      PHRASES.map(([phrase, instead]) => [phrase.exec(line)?.[0], instead])
        .filter(([found]) => found !== undefined)
        .map(([found, instead]) => `${path}:${i + 1}: "${found.trim()}": write ${instead}`),
    );
}

const found = process.argv.slice(2).flatMap(filesIn).flatMap(findings);
for (const line of found) process.stderr.write(`${line}\n`);
process.exitCode = found.length > 0 ? 1 : 0;
