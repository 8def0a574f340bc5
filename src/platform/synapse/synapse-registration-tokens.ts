import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type {
  NewRegistrationToken,
  RegistrationToken,
  RegistrationTokens,
} from '../users/registration-tokens.ts';
import { path, type AdminApi } from './admin-api.ts';
import { isMissing } from './answer.ts';
import { refusedAnswer } from './failure.ts';

const tokenAnswer = z
  .object({
    token: z.string(),
    uses_allowed: z.number().nullable(),
    pending: z.number(),
    completed: z.number(),
    expiry_time: z.number().nullable(),
  })
  .transform((answer): RegistrationToken => ({
    token: new Secret(answer.token),
    usesAllowed: answer.uses_allowed,
    pending: answer.pending,
    completed: answer.completed,
    expiresAt: answer.expiry_time,
  }));

const listAnswer = z.object({ registration_tokens: z.array(tokenAnswer) });

const pathOf = (token: Secret<string>): string =>
  path`/_synapse/admin/v1/registration_tokens/${token.reveal()}`;

/**
 * {@link RegistrationTokens} on Synapse's admin API (Synapse docs,
 * usage/administration/admin_api/registration_tokens). Answers name the token in their error texts;
 * those texts never pass on unmasked.
 */
export class SynapseRegistrationTokens implements RegistrationTokens {
  readonly #api: AdminApi;

  constructor(api: AdminApi) {
    this.#api = api;
  }

  async list(signal?: AbortSignal): Promise<readonly RegistrationToken[]> {
    const request = { method: 'GET', path: '/_synapse/admin/v1/registration_tokens' } as const;
    const answer = await this.#api.ask(listAnswer, { ...request, signal });
    if (answer.ok) return answer.value.registration_tokens;
    throw refusedAnswer(answer);
  }

  async find(token: Secret<string>, signal?: AbortSignal): Promise<RegistrationToken | null> {
    const request = { method: 'GET', path: pathOf(token), secrets: [token], signal } as const;
    const answer = await this.#api.ask(tokenAnswer, request);
    if (answer.ok) return answer.value;
    if (isMissing(answer)) return null;
    throw refusedAnswer(answer);
  }

  async create(wanted: NewRegistrationToken, signal?: AbortSignal): Promise<void> {
    const { token, usesAllowed, expiresAt } = wanted;
    const answer = await this.#api.ask(tokenAnswer, {
      method: 'POST',
      path: '/_synapse/admin/v1/registration_tokens/new',
      body: { token: token.reveal(), uses_allowed: usesAllowed, expiry_time: expiresAt },
      secrets: [token],
      signal,
    });
    if (answer.ok) return;
    // The same request again is refused as "already exists": what counts is what is there.
    const there = await this.find(token, signal);
    if (there?.usesAllowed === usesAllowed && there.expiresAt === expiresAt) return;
    throw refusedAnswer(answer);
  }

  async revoke(token: Secret<string>, signal?: AbortSignal): Promise<void> {
    const answer = await this.#api.ask(z.looseObject({}), {
      method: 'DELETE',
      path: pathOf(token),
      secrets: [token],
      signal,
    });
    if (answer.ok) return;
    // Who asks knows it by its handle; the token itself must not stand in the error.
    throw isMissing(answer)
      ? new AppError('E_TOKEN_UNKNOWN', { token: '…' })
      : refusedAnswer(answer);
  }
}
