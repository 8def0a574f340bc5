import { z } from 'zod';
import { HttpFailure, route } from '../../lab/http.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RequestMatch } from '../../lab/proxy/rules.ts';

const account = z.object({
  name: z.string(),
  displayname: z.string().nullable(),
  locked: z.boolean(),
  admin: z.boolean(),
});

/** An account as the home server itself tells it, not the bot. */
export type RealAccount = z.infer<typeof account>;

/** The account of that name, asked of the home server past the proxy; `undefined`: there is none. */
export const accountOf = async (lab: Lab, name: string): Promise<RealAccount | undefined> => {
  const path = route`/_synapse/admin/v2/users/${`@${name}:${lab.synapse.serverName}`}`;
  try {
    return account.parse(await lab.admin.request({ path }));
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return undefined;
    throw error;
  }
};

/** Makes an account by hand, as an administrator who is not the bot. */
export const makeByHand = async (
  lab: Lab,
  name: string,
  body: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const path = route`/_synapse/admin/v2/users/${`@${name}:${lab.synapse.serverName}`}`;
  await lab.admin.request({ method: 'PUT', path, body });
};

const tokens = z.object({ registration_tokens: z.array(z.object({ token: z.string() })) });

/** How many registration tokens the home server has. */
export const tokenCount = async (lab: Lab): Promise<number> => {
  const path = '/_synapse/admin/v1/registration_tokens';
  return tokens.parse(await lab.admin.request({ path })).registration_tokens.length;
};

/** The bot's requests that make, lock or rename this account. */
export const changeOf = (name: string): RequestMatch => ({
  method: 'PUT',
  path: new RegExp(`^/_synapse/admin/v2/users/%40${name}%3A`),
});

/** The bot's requests that give this account a password. */
export const passwordOf = (name: string): RequestMatch => ({
  method: 'POST',
  path: new RegExp(`^/_synapse/admin/v1/reset_password/%40${name}%3A`),
});
