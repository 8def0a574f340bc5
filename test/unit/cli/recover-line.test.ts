import { expect, it } from 'vitest';
import { assertBareRecover } from '../../../src/cli/recover-line.ts';
import {
  makeRecoveryKey,
  writeRecoveryKey,
} from '../../../src/bot/crypto/recovery/recovery-key.ts';
import { AppError } from '../../../src/core/errors.ts';
import { problemReport } from '../../../src/commands/render/problem.ts';
import { caught } from '../commands/caught.ts';

it('takes nothing but the two words', () => {
  expect(() => assertBareRecover([])).not.toThrow();
  expect(() => assertBareRecover(['--frob'])).toThrow(
    expect.objectContaining({ code: 'E_FLAG_UNKNOWN' }),
  );
});

it('never says again what may be a part of the key', () => {
  const key = writeRecoveryKey(makeRecoveryKey()).reveal();
  const parts = key.split(' ');
  for (const rest of [
    [key],
    parts,
    [`--key=${key}`],
    ['--key', ...parts],
    [`--${key}`],
    ['-', key],
  ]) {
    const error = caught(() => assertBareRecover(rest));
    expect(error).toBeInstanceOf(AppError);
    const said = JSON.stringify(error instanceof AppError ? problemReport(error) : null);
    for (const part of parts) expect(said).not.toContain(part);
  }
});
