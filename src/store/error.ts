/** Why the database cannot take or give rows now. */
export const storeErrorKinds = [
  'locked',
  'read_only',
  'full',
  'corrupt',
  'missing',
  'unreachable',
  'unusable',
] as const;
/** One of them: stable names. */
export type StoreErrorKind = (typeof storeErrorKinds)[number];

/** A database trouble, with words an operator can act on. It may pass: nothing was written, nothing is lost. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
