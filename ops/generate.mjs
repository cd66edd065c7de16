/** Writes what is made from the schema of the command line and from the imports; run it after a change there, once built. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../dist/cli/describe/files.js';
import { withArrows } from './arrows.mjs';

const root = join(import.meta.dirname, '..');
for (const [path, text] of Object.entries(generatedFiles)) writeFileSync(join(root, path), text());

const architecture = join(root, 'docs/architecture.md');
writeFileSync(architecture, withArrows(readFileSync(architecture, 'utf8')));
