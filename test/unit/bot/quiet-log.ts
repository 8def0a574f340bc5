import type { Log } from '../../../src/core/log.ts';

/** What was logged, to be looked at. */
export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: object;
}

/** A log that only remembers. */
export function rememberingLog(): { readonly log: Log; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };
  const log: Log = {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    child: () => log,
  };
  return { log, lines };
}
