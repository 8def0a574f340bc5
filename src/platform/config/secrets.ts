import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { shellWord } from '../../core/shell-word.ts';
import { say, type Text } from '../../core/text.ts';
import { systemCode, systemReason } from '../system-failure.ts';
import type { SecretSource } from './field-schemas.ts';

/** The environment that a secret may come from; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>;

const otherMay = 0o007;
const largestBytes = 16_384;
const noFile = say('settings.reason.no-file');
const tooLarge = say('settings.reason.too-large');

function adviceOn(failure: unknown): Text {
  const code = systemCode(failure);
  return say(code === 'EACCES' || code === 'EPERM' ? 'secret.closed.next' : 'secret.missing.next');
}

function readFile(place: string, file: string): string {
  const unreadable = (reason: Text, advice: Text, cause?: unknown) =>
    new AppError('E_SECRET_UNREADABLE', { place, source: file, reason, advice }, cause);
  let text: string;
  try {
    const status = statSync(file);
    if (!status.isFile()) throw unreadable(noFile, say('secret.no-file.next'));
    if (status.size > largestBytes) throw unreadable(tooLarge, say('secret.no-file.next'));
    if ((status.mode & otherMay) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
      const command = `chmod 600 -- ${shellWord(file)}`;
      throw new AppError('E_SECRET_MODE', { source: file, mode, command });
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(systemReason(error), adviceOn(error), error);
  }
  return text;
}

/**
 * Reads one secret; white space around it (the last line break of a file) is no part of it.
 * `place` is the setting's name, `folder` what a relative path starts from. Throws
 * `E_SECRET_UNREADABLE`, and `E_SECRET_MODE` where others on the machine may read the file.
 */
export function readSecret(
  place: string,
  source: SecretSource,
  folder: string,
  environment: Environment,
): Secret<string> {
  const name = 'file' in source ? resolve(folder, source.file) : `$${source.env}`;
  const text = 'file' in source ? readFile(place, name) : environment[source.env];
  const unreadable = (reason: Text, advice: Text = say('secret.content.next')) =>
    new AppError('E_SECRET_UNREADABLE', { place, source: name, reason, advice });
  if (text === undefined) {
    throw unreadable(say('settings.reason.not-set'), say('secret.not-set.next'));
  }
  const value = text.trim();
  if (value === '') throw unreadable(say('settings.reason.empty'));
  // A header can't hold these, and a pasted pair of lines is a mistake.
  if (/[\s\x00-\x1f\x7f]/.test(value)) throw unreadable(say('settings.reason.several-lines'));
  return new Secret(value);
}

/** Reads a key of 32 bytes in base64. Throws like {@link readSecret}. */
export function readKey(
  place: string,
  source: SecretSource,
  folder: string,
  environment: Environment,
): Secret<Uint8Array> {
  const text = readSecret(place, source, folder, environment);
  const bytes = Buffer.from(text.reveal(), 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text.reveal()) {
    const name = 'file' in source ? resolve(folder, source.file) : `$${source.env}`;
    const reason = say('settings.reason.key');
    const advice = say('secret.key.next');
    throw new AppError('E_SECRET_UNREADABLE', { place, source: name, reason, advice });
  }
  return new Secret(new Uint8Array(bytes));
}
