import { writeSync } from 'node:fs';
import { pino } from 'pino';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/mask.ts';
import { LastLines } from '../../ops/logs/last-lines.ts';
import type { logLevels } from '../../platform/config/schema.ts';
import { prettyLine } from './pretty-line.ts';

/** A level of the config. */
export type LogLevel = (typeof logLevels)[number];

/** The log of a program, whose level can change while it runs. */
export interface ProgramLog extends Log {
  setLevel(level: LogLevel): void;
  /** The last lines, secrets masked: for who wants to know what was before. */
  recent(): readonly string[];
}

/** Of its own lines it keeps so many, and so many characters of them. */
const keptLines = 4000;
const keptCharacters = 512 * 1024;

/** Where lines go. */
export interface LogTarget {
  readonly descriptor: number;
  /** For eyes instead of programs. */
  readonly pretty: boolean;
  readonly colour: boolean;
}

/** Field names that hold a secret wherever they turn up; the mask looks for values. */
const secretPaths = ['accessToken', 'access_token', 'password', 'token', 'authorization'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/**
 * pino, one JSON object per line. Synchronous: the last line before a crash is the one that matters.
 * `silent`: no line at all. Secrets are cut by field name and by value.
 */
export function createLog(level: LogLevel | 'silent', mask: Mask, target: LogTarget): ProgramLog {
  const recent = new LastLines(keptLines, keptCharacters);
  const write = (line: string): void => {
    const clean = mask.apply(line);
    recent.push(clean.trimEnd());
    writeWhole(target.descriptor, target.pretty ? prettyLine(clean, target.colour) : clean);
  };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[secret]' },
    },
    { write },
  );
  return Object.assign(logger, {
    setLevel: (next: LogLevel): void => {
      logger.level = next;
    },
    recent: () => recent.all(),
  });
}

/** Nobody reads a closed pipe, and a full one must not end the bot: such a line is lost. */
function writeWhole(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EAGAIN' && code !== 'EPIPE' && code !== 'ENOSPC') throw error;
  }
}
