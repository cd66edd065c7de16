import { StoreError } from '../../errors.js';
import { Busy, NotFound } from '../errors.js';
import { BadParameter } from '../parameters.js';

/** Those that reach a client. */
const CLASSES = { BadParameter, Busy, NotFound, StoreError };

/** An error on its way between threads, where it would lose its class. */
export interface CarriedError {
  readonly className: keyof typeof CLASSES | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function carried(error: unknown): CarriedError {
  const { message, stack, ...own } = error instanceof Error ? error : new Error(String(error));
  const known = Object.entries(CLASSES).find(([, each]) => error instanceof each);
  return { ...own, className: known?.[0] as CarriedError['className'], message, stack };
}

export function received({ className, ...own }: CarriedError): Error {
  const prototype = className === undefined ? Error.prototype : CLASSES[className].prototype;
  return Object.assign(Object.create(prototype) as Error, own);
}
