import pino from 'pino';
import { UsageError } from './errors.js';

export type Logger = pino.Logger;

export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

const PINO_LEVEL = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const NAME_OF_PINO_LEVEL: Record<string, string> = { warn: 'WARNING', fatal: 'ERROR' };

/** Case does not matter. Throws a UsageError for any other word. */
export function parseLogLevel(word: string): LogLevel {
  const level = logLevels.find((name) => name === word.toUpperCase());
  if (!level) throw new UsageError(`log level ${word}: expected one of ${logLevels.join(', ')}`);
  return level;
}

/** Logs to stderr, one JSON object a line; for a person at a terminal, one plain line. Results go to stdout, never here. */
export function createLogger(level: LogLevel): Logger {
  const terminal = process.stderr.isTTY;
  return pino(
    {
      level: PINO_LEVEL[level],
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: NAME_OF_PINO_LEVEL[label] ?? label.toUpperCase() }) },
    },
    terminal
      ? { write: (line: string) => process.stderr.write(plain(line)) }
      : pino.destination({ fd: 2, sync: true }),
  );
}

function plain(line: string): string {
  const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${String(level).padEnd(7)} ${[msg, ...details].join('  ')}\n`;
}
