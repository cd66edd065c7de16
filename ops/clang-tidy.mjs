/** Looks for mistakes in the C++ sources of the last build, with clang-tidy if it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isReferenceSystem } from './setup/reference-system.mjs';

const BUILD = 'build';

if (spawnSync('clang-tidy', ['--version']).error) {
  process.stderr.write('lint: clang-tidy is not installed: native/ is not checked by it\n');
  // In CI it must not be forgotten.
  process.exit(process.env.CI === 'true' && isReferenceSystem() ? 1 : 0);
}
const sources = readdirSync('native', { recursive: true })
  .filter((name) => name.endsWith('.cc'))
  .map((name) => join('native', name));

/** What it says of one file; undefined if nothing is wrong. */
function complaints(source) {
  return new Promise((resolve) => {
    const tidy = spawn('clang-tidy', ['-p', BUILD, '--quiet', source], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    tidy.stdout.on('data', (chunk) => {
      said += chunk;
    });
    // It counts there the warnings of the system's headers that it keeps to itself.
    tidy.stderr.resume();
    tidy.once('error', (error) => resolve(error.message));
    tidy.once('close', (code) => resolve(code === 0 ? undefined : said));
  });
}

async function worker() {
  for (let source = sources.pop(); source !== undefined; source = sources.pop()) {
    const said = await complaints(source);
    if (said === undefined) continue;
    process.stdout.write(said);
    process.exitCode = 1;
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
