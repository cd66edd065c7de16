/**
 * The words of which the command line's schema is made. All that is known of a flag stands in its one definition; the parser, the
 * help, the settings document, the manual page and the completion are made from it. Data alone: loading it costs next to nothing.
 */

/** The environment variables that give defaults. */
export type Variable =
  | 'CONTIMG_INPUT_DIR'
  | 'PIPELINE_PRODUCTS_DB'
  | 'PIPELINE_PATTERN'
  | 'PIPELINE_STATE_DIR'
  | 'CONTIMG_LOG_LEVEL'
  | 'CONTIMG_LOG_FORMAT'
  | 'PIPELINE_HOST'
  | 'PIPELINE_LONGITUDE'
  | 'PIPELINE_LATITUDE'
  | 'PIPELINE_HEIGHT'
  | 'PIPELINE_DISH_M'
  | 'PIPELINE_FREQUENCY_MHZ'
  | 'PIPELINE_TELESCOPE_NAME';

interface Described {
  /** One phrase, for the help. */
  readonly describe: string;
  /** What else to know, and what a change means: for the documents. Markdown, whole sentences. */
  readonly detail?: string;
  /** Gives the value where the command line does not. */
  readonly environment?: Variable | undefined;
  /** What holds where neither gives one, in words; where `default` says it, that is enough. */
  readonly otherwise?: string;
}

export type FileKind = 'file' | 'directory' | 'database';

export interface TextValue extends Described {
  readonly kind: 'text';
  /** What the help calls the value: FILE. */
  readonly value: string;
  readonly default?: string;
  readonly completes?: FileKind | 'calibrator';
}

export interface NumberValue extends Described {
  readonly kind: 'number';
  /** As in the field: `s`, `deg`, `Jy`; for a plain count, what is counted. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly default?: number;
  /** Taken as it is, in place of a number. */
  readonly word?: string;
}

export interface ChoiceValue extends Described {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default?: string;
  /** Other spellings, which mean the same as a choice. */
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly ignoresCase?: boolean;
}

/** A time in any usual form: its first and last instant, which differ for a date alone. */
export interface TimeValue extends Described {
  readonly kind: 'time';
}

export interface Switch extends Described {
  readonly kind: 'switch';
  /** One that is on unless `--no-...` is given. */
  readonly default: boolean;
}

export type Value = TextValue | NumberValue | ChoiceValue | TimeValue;
interface Named {
  /** Can be given several times. */
  readonly many?: boolean;
  /** Former names: accepted, and documented as deprecated. */
  readonly formerly?: readonly string[];
}

export type ValueFlag = Value & Named;
export type Flag = ValueFlag | (Switch & Named);

export type Positional = Value & {
  /** Undefined for one that may be left out: what to do, as in "name at least one file". */
  readonly required?: string;
  /** Takes all that remain; the last one only. */
  readonly many?: boolean;
};

/** A flag that every command has. */
export const NO_COLOR = 'no-color';

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Paragraphs for the help, the manual page and the document: plain sentences. */
  readonly description: readonly string[];
  readonly positionals: Readonly<Record<string, Positional>>;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  /** What each exit code means, in their order. */
  readonly exit: readonly (readonly [code: number, meaning: string])[];
}

interface ValueTypes {
  readonly text: string;
  readonly number: number;
  readonly time: TimeSpan;
}

/** From its first to its last instant: the same one, or a day. */
export interface TimeSpan {
  readonly startMjdUtc: import('../../units.js').MjdUtc;
  readonly endMjdUtc: import('../../units.js').MjdUtc;
}

type One<V> = V extends { readonly kind: 'switch' }
  ? boolean
  : V extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] }
    ? Choice
    : V extends { readonly kind: 'number'; readonly word: infer Word }
      ? number | Word
      : V extends { readonly kind: infer Kind extends keyof ValueTypes }
        ? ValueTypes[Kind]
        : never;

/** What the handler gets for a flag or a positional. */
type Given<V> = V extends { readonly many: true }
  ? V extends { readonly required: string }
    ? readonly One<V>[]
    : readonly One<V>[] | undefined
  : V extends { readonly default: unknown } | { readonly required: string } | { readonly kind: 'switch' }
    ? One<V>
    : One<V> | undefined;

/** All that the handler of a command gets, by the names of its flags and positionals. */
export type Arguments<C extends Command> = {
  readonly [Name in keyof C['flags']]: Given<C['flags'][Name]>;
} & { readonly [Name in keyof C['positionals']]: Given<C['positionals'][Name]> };
