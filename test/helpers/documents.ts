import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspace.js';

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Line number of its first line, from 1. */
  readonly line: number;
}

/** A Markdown document in the repository. */
export class Document {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;

  constructor(path: string) {
    this.path = path;
    this.text = readFileSync(join(root, path), 'utf8');
  }

  get blocks(): CodeBlock[] {
    return [...this.text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language, 2: text, index }) => ({
      language: language as string,
      text: text as string,
      line: this.text.slice(0, index).split('\n').length + 1,
    }));
  }

  /** Headings in order, without backticks. */
  get headings(): string[] {
    return [...this.#prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading as string).replaceAll('`', ''),
    );
  }

  /** Link targets, as written. */
  get links(): string[] {
    return [...this.#prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  }

  /** The text between a heading and the next. */
  section(heading: string): string {
    const start = this.#prose
      .split('\n')
      .findIndex((line) => /^#+ /.test(line) && line.replaceAll('`', '').endsWith(` ${heading}`));
    if (start < 0) throw new Error(`${this.path} has no heading "${heading}"`);
    const rest = this.#prose.split('\n').slice(start + 1);
    const end = rest.findIndex((line) => /^#+ /.test(line));
    return rest.slice(0, end < 0 ? undefined : end).join('\n');
  }

  get #prose(): string {
    return this.text.replaceAll(/^```\w*\n.*?^```$/gms, '');
  }
}

/** The documents that users, operators and contributors read. */
export const documents = (): Document[] =>
  [
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'README.md',
    'SECURITY.md',
    ...markdownIn('docs'),
    ...markdownIn('vendor'),
    'test/bench/README.md',
    'test/golden/README.md',
  ].map((path) => new Document(path));

const markdownIn = (directory: string) =>
  readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => relative(root, join(root, directory, name)))
    .sort();
