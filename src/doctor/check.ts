/** `warning`: it works, but look at it. `failed`: it must be fixed. */
export type CheckState = 'ok' | 'warning' | 'failed';

/** What was looked at and how it is, in a line: what, and what to do where it is not well. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly message: string;
}

export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message });
export const warning = (name: string, message: string): Check => ({ name, state: 'warning', message });
export const failed = (name: string, message: string): Check => ({ name, state: 'failed', message });
