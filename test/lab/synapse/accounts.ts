import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { requestJson, route } from '../http.ts';
import { registrationSecret, serverName } from './config.ts';

/** An account of the lab, logged in. */
export interface Account {
  readonly userId: string;
  readonly localpart: string;
  readonly password: string;
  readonly accessToken: string;
  readonly deviceId: string;
}

/** Who is to be registered. */
export interface NewAccount {
  readonly localpart: string;
  /** Default: a fixed one made from the name. */
  readonly password?: string;
  /** A server administrator of Synapse. */
  readonly admin?: boolean;
  readonly displayName?: string;
}

const nonceAnswer = z.object({ nonce: z.string() });
const sessionAnswer = z.object({
  user_id: z.string(),
  access_token: z.string(),
  device_id: z.string(),
});

/**
 * Registers an account with the shared secret; it comes back logged in.
 * Source: Synapse, docs/admin_api/register_api.md.
 *
 * @throws HttpFailure `M_USER_IN_USE` when there is one of that name.
 */
export const register = async (baseUrl: string, who: NewAccount): Promise<Account> => {
  const { localpart, password = `${localpart}-password`, admin = false, displayName } = who;
  const path = '/_synapse/admin/v1/register';
  const { nonce } = nonceAnswer.parse(await requestJson(baseUrl, { path }));
  const mac = createHmac('sha1', registrationSecret)
    .update([nonce, localpart, password, admin ? 'admin' : 'notadmin'].join('\0'))
    .digest('hex');
  const answer = sessionAnswer.parse(
    await requestJson(baseUrl, {
      method: 'POST',
      path,
      body: { nonce, username: localpart, password, admin, mac, displayname: displayName },
    }),
  );
  return {
    userId: answer.user_id,
    localpart,
    password,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
  };
};

/** Logs in with a password: a new device and a new token. */
export const login = async (
  baseUrl: string,
  localpart: string,
  password: string,
  deviceId?: string,
): Promise<Account> => {
  const answer = sessionAnswer.parse(
    await requestJson(baseUrl, {
      method: 'POST',
      path: '/_matrix/client/v3/login',
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: localpart },
        password,
        device_id: deviceId,
      },
    }),
  );
  return {
    userId: answer.user_id,
    localpart,
    password,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
  };
};

/** Ends a session, as a person who logs this device out: its token is worth nothing any more. */
export const logout = async (baseUrl: string, token: string): Promise<void> => {
  await requestJson(baseUrl, {
    ...{ method: 'POST', path: '/_matrix/client/v3/logout', token, body: {} },
  });
};

/** Lifts the limit on messages for one account. Needs a server admin's token. */
export const liftMessageLimit = async (
  baseUrl: string,
  adminToken: string,
  userId: string,
): Promise<void> => {
  await requestJson(baseUrl, {
    method: 'POST',
    path: route`/_synapse/admin/v1/users/${userId}/override_ratelimit`,
    token: adminToken,
    body: { messages_per_second: 0, burst_count: 0 },
  });
};

/**
 * Makes many accounts at once by writing them into the home server's database, running or not:
 * 1 000 of them take some 20 ms instead of 20 s. They can be listed, shown and changed like any
 * other, but have no password.
 *
 * @param folder The home server's folder.
 * @param localparts Names that are not in use.
 */
export const insertAccounts = (folder: string, localparts: readonly string[]): void => {
  const database = new DatabaseSync(join(folder, 'homeserver.db'), { timeout: 10_000 });
  try {
    const user = database.prepare(
      'INSERT INTO users(name, password_hash, creation_ts, admin, is_guest, shadow_banned, approved) VALUES (?, NULL, ?, 0, 0, 0, 1)',
    );
    const profile = database.prepare(
      'INSERT INTO profiles(user_id, displayname, full_user_id) VALUES (?, ?, ?)',
    );
    const seconds = Math.floor(Date.now() / 1000);
    database.exec('BEGIN IMMEDIATE');
    for (const localpart of localparts) {
      const userId = `@${localpart}:${serverName}`;
      user.run(userId, seconds);
      profile.run(localpart, localpart, userId);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
};
