import { AppError } from '../../core/errors.ts';
import type { Namespace } from './objects.ts';

/** A DNS label (RFC 1123), which is what the API server takes as a namespace's name. */
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function isNamespace(text: string): text is Namespace {
  return label.test(text);
}

/** Throws `E_ID_INVALID` unless the text has the form of a namespace's name. */
export function parseNamespace(text: string): Namespace {
  if (!isNamespace(text)) throw new AppError('E_ID_INVALID', { kind: 'namespace', value: text });
  return text;
}
