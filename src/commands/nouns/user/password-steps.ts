import { AppError } from '../../../core/errors.ts';
import { makeReadableSecret } from '../../../ops/users/readable-secret.ts';
import type { SealedSecrets } from '../../capabilities.ts';
import type { Step } from '../../command.ts';
import { seal, sealStep, unseal, withdrawOlder } from '../sealed-secret.ts';
import { resolveActive, type AccountContext } from './account-step.ts';
import { accountKey, ours, type Named } from './names.ts';

/**
 * Makes the password before anything happens and puts it away: from here on it exists exactly once,
 * and every later try uses this one. Crashed before its result was written, nobody ever learns the
 * code of what it sealed; so it is never done, and sealing another one is harmless.
 */
export function sealPassword<I extends Named>(): Step<I, 'sealedSecrets' | 'identity' | 'clock'> {
  return {
    name: sealStep,
    run: (context, { input }) =>
      Promise.resolve().then(() => {
        const localpart = ours(input.name, context.identity.serverName);
        return seal(context, makeReadableSecret(), localpart, accountKey(input.name));
      }),
    settle: () => Promise.resolve({ state: 'not-done' }),
  };
}

/** Whether a failed request may have done its work all the same: no answer came, or a 5xx. */
function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  if (error.code === 'E_ADMIN_API_UNREACHABLE') return true;
  return error.code === 'E_ADMIN_API_ANSWER' && Number(error.params['status']) >= 500;
}

/**
 * Gives the account the sealed password. Whether it has it can't be read from the home server; but
 * setting the same password again changes nothing. So after a lost answer it is set once more, and
 * after a crash this is not done, and runs again.
 */
export function setSealedPassword<I extends Named>(
  logOutDevices: (input: I) => boolean,
): Step<I, 'users' | 'sealedSecrets' | 'identity'> {
  return {
    name: 'set-password',
    async run(context: AccountContext & { readonly sealedSecrets: SealedSecrets }, step) {
      const { localpart } = await resolveActive(context, step.input);
      const password = unseal(context.sealedSecrets, step.done);
      const options = { logOutDevices: logOutDevices(step.input) };
      const set = () => context.users.setPassword(localpart, password, options, context.signal);
      try {
        await set();
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        await set().catch((again: unknown) => {
          throw mayHaveHappened(again)
            ? new AppError('E_USER_PASSWORD_UNSURE', { account: localpart }, again)
            : again;
        });
      }
      return {};
    },
    settle: () => Promise.resolve({ state: 'not-done' }),
    completed: ({ sealedSecrets }, { input, done }) =>
      withdrawOlder(sealedSecrets, done, accountKey(input.name)),
  };
}
