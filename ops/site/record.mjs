import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RECORD } from './places.mjs';

export const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** The file's text, or undefined if it does not exist. */
export function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Writes all of it or nothing. */
export function writeWhole(path, content, mode) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.part`;
  rmSync(beside, { force: true });
  writeFileSync(beside, content, { mode, flush: true, flag: 'wx' });
  renameSync(beside, path);
}

/**
 * The record of the last installation: `files` has the SHA-256 of each file that it wrote, and
 * `createdUser` says whether the user is ours to remove. Undefined if there is no readable one:
 * then every file counts as somebody else's, and is kept.
 */
export function readRecord(prefix) {
  try {
    return JSON.parse(textOf(prefix + RECORD) ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const recordText = (record) => `${JSON.stringify(record, null, 2)}\n`;
