import { UsageError } from '../errors.js';

const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Case does not matter. Throws a UsageError for any other word. */
export function parseLogLevel(word: string): LogLevel {
  const level = logLevels.find((name) => name === word.toUpperCase());
  if (!level) throw new UsageError(`log level ${word}: expected one of ${logLevels.join(', ')}`);
  return level;
}
