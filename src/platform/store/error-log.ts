import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { encodeBase32 } from '../../core/base32.ts';
import { AppError } from '../../core/errors.ts';
import { type ErrorId, parseErrorId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import { describeFailure } from './describe-failure.ts';

/** A failure kept for `!error ID`; secrets masked. */
export interface LoggedError {
  readonly id: ErrorId;
  /** ms since the epoch. */
  readonly at: number;
  readonly command: string | null;
  readonly detail: string;
}

/** Failures of the last 30 days. */
export interface ErrorLog {
  /**
   * Never throws: a failure that can't be kept (disk full) goes to the log file with its id, so that
   * the first failure isn't hidden by a second one.
   */
  record(error: unknown, command: string | null): ErrorId;
  /** Throws `E_ERROR_ID_UNKNOWN`. */
  find(id: ErrorId): LoggedError;
  /** The newest, newest first. */
  latest(most: number): readonly LoggedError[];
}

/** What an {@link ErrorLog} is made of. */
export interface ErrorLogParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes secrets out of a text; see `Mask`. */
  readonly mask: (text: string) => string;
}

const keptForMs = 30 * 24 * 60 * 60 * 1000;
const keptRows = 5000;
const idBytes = 5;

const errorRow = z.object({
  id: z.string().transform(parseErrorId),
  at: z.number(),
  command: z.string().nullable(),
  detail: z.string(),
});

/** The error log of a store that has the migration `errors`. */
export function createErrorLog({ database, clock, log, mask }: ErrorLogParts): ErrorLog {
  const keep = (row: LoggedError): void => {
    database.transaction(() => {
      database.run(
        'INSERT INTO errors (id, at, command, detail) VALUES (:id, :at, :command, :detail)',
        { ...row },
      );
      database.run(
        `DELETE FROM errors WHERE at < :oldest
           OR sequence <= (SELECT max(sequence) FROM errors) - :keptRows`,
        { oldest: row.at - keptForMs, keptRows },
      );
    });
  };

  return {
    record: (error, command) => {
      const id = parseErrorId(`e${encodeBase32(randomBytes(idBytes)).toLowerCase()}`);
      const detail = mask(describeFailure(error));
      try {
        keep({ id, at: clock.now(), command: command === null ? null : mask(command), detail });
      } catch (failure) {
        log.error(
          { error: id, detail, kept: mask(describeFailure(failure)) },
          'a failure could not be kept in the error log',
        );
      }
      return id;
    },

    find: (id) => {
      const row = database.get(
        errorRow,
        'SELECT id, at, command, detail FROM errors WHERE id = :id AND at >= :oldest',
        { id, oldest: clock.now() - keptForMs },
      );
      if (row === null) throw new AppError('E_ERROR_ID_UNKNOWN', { id });
      return row;
    },

    latest: (most) =>
      database.all(
        errorRow,
        `SELECT id, at, command, detail FROM errors WHERE at >= :oldest
           ORDER BY sequence DESC LIMIT :most`,
        { oldest: clock.now() - keptForMs, most },
      ),
  };
}
