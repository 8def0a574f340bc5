import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { UserId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Secret } from '../../core/secret.ts';
import { say } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import { AdminApi } from '../../platform/synapse/admin-api.ts';
import { explainFailure, isPassing, MatrixFailure } from '../client/failure.ts';
import type { MatrixApi } from '../client/matrix-api.ts';
import { Backoff } from '../sync/backoff.ts';

/** What is needed to find out whether the bot may begin. */
export interface IdentityParts {
  readonly api: Pick<MatrixApi, 'url' | 'whoami'>;
  readonly expected: UserId;
  readonly configFile: string;
  readonly chatToken: Secret<string>;
  /** Whether the bot has had a device on this machine, which a new login has to recover. */
  readonly hasDevice: () => boolean;
  readonly adminUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each try that came to nothing, with the error for people. */
  readonly onWaiting: (error: unknown) => void;
}

/**
 * Asks the home server until it answers, whose the chat token is. Throws `E_TOKEN_REVOKED` at the
 * first refusal, `E_CONFIG_INVALID` where the token is another account's, and `E_TOKEN_IS_ADMIN`.
 */
export async function meetHomeserver(parts: IdentityParts, signal: AbortSignal): Promise<void> {
  const { api, expected, configFile, clock } = parts;
  const backoff = new Backoff();
  for (;;) {
    signal.throwIfAborted();
    try {
      const { userId } = await api.whoami();
      if (userId !== expected) {
        const reason = say('settings.reason.other-account', { user: userId });
        throw new AppError('E_CONFIG_INVALID', { file: configFile, place: 'bot.user', reason });
      }
      await refuseAdminToken(parts, signal);
      return;
    } catch (error) {
      if (!(error instanceof MatrixFailure)) throw error;
      const { failure } = error;
      if (failure.kind === 'revoked' && !parts.hasDevice()) {
        const advice = say('token.first.next', { user: expected });
        throw new AppError('E_TOKEN_REVOKED', { advice }, error);
      }
      if (!isPassing(failure)) throw explainFailure(error, api.url);
      // Not the end: behind a proxy a home server that starts late looks like this, too.
      parts.onWaiting(explainFailure(error, api.url));
      await clock.sleep(backoff.next(), signal);
    }
  }
}

const anything = z.looseObject({});

/** The chat token stands in memory next to what strangers send: it must open nothing but rooms. */
async function refuseAdminToken(parts: IdentityParts, signal: AbortSignal): Promise<void> {
  const { chatToken: token, adminUrl: url, log } = parts;
  const api = new AdminApi({ url, token, timeoutMs: 5000 });
  const query = { limit: '1', guests: 'false' };
  try {
    const path = '/_synapse/admin/v2/users';
    const answer = await api.ask(anything, { method: 'GET', path, query, signal });
    if (answer.ok) throw new AppError('E_TOKEN_IS_ADMIN');
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'E_TOKEN_IS_ADMIN') throw error;
    if (error.code === 'E_ADMIN_API_FORBIDDEN') return;
    log.warn({ err: error }, 'it can not be told whether the chat token is that of an admin');
  } finally {
    await api.close();
  }
}
