import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import { pathText, type SettingPath, type SettingsDocument } from './document.ts';
import { reasonSchema } from './field-schemas.ts';
import { settingsSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

const shapeSchema = z.object({ shape: z.record(z.string(), z.unknown()) });

const fixedKeysSchema = z.object({ keyType: z.object({ options: z.array(z.string()) }) });

/** The schema at `path`; null where nothing is known of it. */
function schemaAt(path: SettingPath): unknown {
  let schema: unknown = settingsSchema;
  for (const part of path) {
    schema = bare(schema);
    if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodObject) schema = shapeSchema.parse(schema).shape[String(part)];
    else return null;
  }
  return bare(schema);
}

/** Names that may stand in the object at `path`; empty where any may. */
function namesAt(path: SettingPath): readonly string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(shapeSchema.parse(schema).shape) : [];
}

/** The schema inside optional, default, prefault and nullable. */
function bare(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

function typeName(expected: string): Text {
  switch (expected) {
    case 'object':
    case 'record':
      return say('settings.type.object');
    case 'array':
      return say('settings.type.array');
    case 'number':
    case 'int':
      return say('settings.type.number');
    case 'boolean':
      return say('settings.type.boolean');
    default:
      return say('settings.type.string');
  }
}

/** Never shows what stands in the file: somebody may have put a token where a place belongs. */
function reasonOf(issue: Issue, present: boolean): Text {
  if (!present) return say('settings.reason.missing');
  switch (issue.code) {
    case 'invalid_type':
      return say('settings.reason.type', { expected: typeName(issue.expected) });
    case 'invalid_value':
      return say('settings.reason.choice', { values: issue.values.map(String).join(', ') });
    case 'too_small':
      return say('settings.reason.at-least', { limit: String(issue.minimum) });
    case 'too_big':
      return say('settings.reason.at-most', { limit: String(issue.maximum) });
    case 'invalid_union':
      return say('settings.reason.secret');
    case 'custom': {
      const own = reasonSchema.safeParse(issue.params);
      return say(own.success ? `settings.reason.${own.data.reason}` : 'settings.reason.form');
    }
    case 'invalid_key': {
      const [first] = issue.issues;
      const reason = first === undefined ? say('settings.reason.form') : reasonOf(first, true);
      return say('settings.reason.name', { reason });
    }
    case 'unrecognized_keys':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return say('settings.reason.form');
    default:
      return issue satisfies never;
  }
}

function unknownKey(name: string, at: SettingPath): Text {
  const fixed = fixedKeysSchema.safeParse(schemaAt(at));
  if (fixed.success) {
    const values = fixed.data.keyType.options.join(', ');
    const reason = say('settings.reason.choice', { values });
    return say('settings.reason.name', { reason });
  }
  const names = namesAt(at);
  return names.length === 0
    ? say('settings.reason.form')
    : say('settings.reason.unknown', { nearest: closest(name, names) });
}

/** One `E_CONFIG_INVALID` per thing that is wrong, in the order of the file. */
export function problemsOf(
  error: z.ZodError,
  document: SettingsDocument,
  file: string,
): readonly AppError[] {
  const found = error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], reason: unknownKey(key, path) }));
    }
    return [{ path, reason: reasonOf(issue, document.has(path)) }];
  });
  return found
    .map((each) => ({ ...each, line: document.lineOf(each.path) }))
    .sort((a, b) => a.line - b.line)
    .map(({ path, reason, line }) => invalid(file, path, line, reason));
}

/** `E_CONFIG_INVALID` for one setting. */
export function invalid(file: string, path: SettingPath, line: number, reason: Text): AppError {
  const place = say('settings.place', { path: pathText(path), line });
  return new AppError('E_CONFIG_INVALID', { file, place, reason });
}
