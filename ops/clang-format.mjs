/** Formats the C++ sources with the program from npm; with --check, only lists the ones that are not formatted. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import clangFormat from 'clang-format-node';

const sources = ['native', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.(cc|h)$/.test(name))
    .map((name) => join(folder, name)),
);
const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
const { status, error } = spawnSync(clangFormat.clangFormatPath, [...mode, ...sources], { stdio: 'inherit' });
if (error) process.stderr.write(`clang-format: ${error.message}\n`);
process.exit(status ?? 1);
