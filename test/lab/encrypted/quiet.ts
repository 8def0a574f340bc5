import { logger, type Logger } from 'matrix-js-sdk/lib/logger.js';

const nothing = (): void => undefined;

/** `URTC_LAB_SDK_LOG=1` shows what the Matrix SDK has to say: hundreds of lines per person. */
const isLoud = process.env['URTC_LAB_SDK_LOG'] === '1';

const say = (...said: unknown[]): void => {
  process.stderr.write(`${said.map(String).join(' ')}\n`);
};

const level = isLoud ? say : nothing;

/** Keeps the Matrix SDK from writing between the tests' lines. */
export const quiet: Logger = {
  trace: nothing,
  debug: level,
  info: level,
  warn: level,
  error: level,
  getChild: () => quiet,
};

// Parts of it write past the logger that the client was given, some by a function that they take
// when they are loaded: whoever imports the SDK imports this file before.
// oxlint-disable-next-line typescript/no-deprecated -- there is no other way to them
Object.assign(logger, quiet, { log: level });
