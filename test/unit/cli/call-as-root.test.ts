import { expect, it } from 'vitest';
import { adviseRoot } from '../../../src/cli/call-as-root.ts';
import { AppError } from '../../../src/core/errors.ts';
import { say } from '../../../src/core/text.ts';

function unreadable(code: string): AppError {
  const cause = Object.assign(new Error(code), { code });
  return new AppError('E_CONFIG_UNREADABLE', { file: '/etc/urtc/config.yaml', advice: '' }, cause);
}

it('advises whoever may not read the config to call the same as root', () => {
  const typed = ['user', 'show', 'al ice', '--json'];
  const { code, params } = adviseRoot(unreadable('EACCES'), typed, typed.slice(0, 3));
  expect(code).toBe('E_CONFIG_UNREADABLE');
  expect(params).toEqual({
    file: '/etc/urtc/config.yaml',
    advice: say('config.unreadable.sudo', { command: "sudo urtc user show 'al ice' --json" }),
  });
});

it.each([
  ['the bot', unreadable('EACCES'), ['bot']],
  ['another cause', unreadable('EISDIR'), ['status']],
  ['another error', new AppError('E_CONFIG_MISSING'), ['status']],
])('leaves the advice as it is for %s', (_what, error, words) => {
  expect(adviseRoot(error, words, words)).toBe(error);
});
