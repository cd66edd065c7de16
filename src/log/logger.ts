import pino from 'pino';
import { RepeatLimiter } from './repeat-limiter.js';
import { type Sink, standardError } from './sinks.js';

export type Logger = pino.Logger;

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

const PINO_LEVEL = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const NAME_OF_PINO_LEVEL: Record<string, string> = { warn: 'WARNING', fatal: 'ERROR' };
const INFO = 30;

/**
 * Logs one event per line, to stderr unless told otherwise. Repeated messages are logged a few times, then counted, except at
 * level DEBUG. Results go to stdout, never here.
 */
export function createLogger(level: LogLevel, sink: Sink = standardError()): Logger {
  const limiter = new RepeatLimiter((repeats, message, pinoLevel) =>
    logger[pino.levels.labels[pinoLevel] as pino.Level]({ repeats }, `${repeats} more like this: ${message}`),
  );
  const logger = pino(
    {
      level: PINO_LEVEL[level],
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: NAME_OF_PINO_LEVEL[label] ?? label.toUpperCase() }) },
      hooks: {
        logMethod(args, method, pinoLevel) {
          if (pinoLevel < INFO || limiter.passes(args, pinoLevel)) method.apply(this, args);
        },
      },
    },
    sink,
  );
  process.once('exit', () => limiter.flush());
  return logger;
}
