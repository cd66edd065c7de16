/** Why the database cannot take or give rows now. */
export const troubleKinds = [
  'locked',
  'read_only',
  'full',
  'corrupt',
  'missing',
  'unreachable',
  'unusable',
] as const;
/** One of them: stable names. */
export type TroubleKind = (typeof troubleKinds)[number];

/** A database trouble, with words an operator can act on. It may pass: nothing was written, nothing is lost. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
