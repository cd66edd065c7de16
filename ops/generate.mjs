/** Writes the files that are made from the schema of the command line; run it after a change there, once built. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../dist/cli/describe/files.js';

const root = join(import.meta.dirname, '..');
for (const [path, text] of Object.entries(generatedFiles)) writeFileSync(join(root, path), text());
