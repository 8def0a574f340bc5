import { inspect } from 'node:util';
import { AppError } from '../../core/errors.ts';

/** Causes below this depth are left out; a chain may be a circle. */
const deepest = 8;
/** Characters of one description. */
const longest = 32_000;

function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? ` [${code}]` : '';
}

function paramsOf(error: Error): string {
  if (!(error instanceof AppError) || Object.keys(error.params).length === 0) return '';
  return `\n  ${JSON.stringify(error.params)}`;
}

function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length === 0 ? '' : `\n${frames.join('\n')}`;
}

function describe(error: unknown, depth: number): string {
  if (!(error instanceof Error)) return inspect(error, { depth: 3 });
  const own = `${error.name}${codeOf(error)}: ${error.message}${paramsOf(error)}${framesOf(error)}`;
  if (depth >= deepest) return own;
  const several: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const inner = [...(error.cause === undefined ? [] : [error.cause]), ...several.slice(0, deepest)];
  return [own, ...inner.map((each) => `caused by ${describe(each, depth + 1)}`)].join('\n');
}

/**
 * A failure for whoever looks for its reason: name, code, message, values and stack of it and of its
 * causes, at most 32 000 characters. Secrets are not masked here.
 */
export function describeFailure(error: unknown): string {
  const text = describe(error, 0);
  return text.length <= longest ? text : `${text.slice(0, longest)}\n… cut off`;
}
