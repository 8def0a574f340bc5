import { createColors } from 'picocolors';
import { z } from 'zod';

const entry = z.looseObject({ time: z.string(), level: z.string(), msg: z.string().default('') });

const paint = createColors(true);
const plain = createColors(false);

/** A log line for eyes: `12:30:01 info message key=value`. What is no log line stays as it is. */
export function prettyLine(json: string, colour: boolean): string {
  const parsed = entry.safeParse(tryParse(json));
  if (!parsed.success) return json;
  const { time, level, msg, ...fields } = parsed.data;
  const c = colour ? paint : plain;
  const levels: Readonly<Record<string, (text: string) => string>> = {
    debug: c.dim,
    info: c.green,
    warn: c.yellow,
    error: c.red,
  };
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  const tone = levels[level] ?? ((text: string) => text);
  return `${[c.dim(time.slice(11, 19)), tone(level.padEnd(5)), msg, c.dim(shown.join(' '))].join(' ').trimEnd()}\n`;
}

const errorShape = z.looseObject({ type: z.string(), message: z.string() });

function fieldText(value: unknown): string {
  const error = errorShape.safeParse(value);
  if (error.success) return JSON.stringify(`${error.data.type}: ${error.data.message}`);
  return typeof value === 'string' && /^[\w.:@!$/-]+$/.test(value) ? value : JSON.stringify(value);
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
