import { z } from 'zod';
import { parseRoomId, type UserId } from '../../core/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import { anyAnswer } from './answers.ts';
import type { BackedUpKeys, BackupVersion, CryptoApi, MachineRequest } from './crypto-api.ts';
import { MatrixFailure } from './failure.ts';
import { path, type MatrixConnection } from './http-call.ts';

const backupAnswer = z
  .object({ version: z.string(), algorithm: z.string(), auth_data: jsonObjectSchema })
  .transform((backup): BackupVersion => ({
    version: backup.version,
    algorithm: backup.algorithm,
    authData: backup.auth_data,
  }));
const createdBackup = z.object({ version: z.string() });
const backedUpAnswer = z
  .object({
    rooms: z.record(
      z.string(),
      z.object({ sessions: z.record(z.string(), z.object({ session_data: jsonObjectSchema })) }),
    ),
  })
  .transform(({ rooms }): BackedUpKeys => {
    const byRoom = Object.entries(rooms).map(([room, { sessions }]) => {
      const bySession = Object.entries(sessions).map(
        ([session, { session_data: data }]) => [session, data] as const,
      );
      return [parseRoomId(room), new Map(bySession)] as const;
    });
    return new Map(byRoom);
  });
/** Some 100 000 keys. */
const largestBackup = 256 * 1024 * 1024;

interface Route {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

function routeOf(request: MachineRequest): Route {
  switch (request.kind) {
    case 'keys-upload':
      return { method: 'POST', path: '/_matrix/client/v3/keys/upload' };
    case 'keys-query':
      return { method: 'POST', path: '/_matrix/client/v3/keys/query' };
    case 'keys-claim':
      return { method: 'POST', path: '/_matrix/client/v3/keys/claim' };
    case 'to-device': {
      const { eventType, transactionId } = request;
      return {
        method: 'PUT',
        path: path`/_matrix/client/v3/sendToDevice/${eventType}/${transactionId}`,
      };
    }
    case 'signature-upload':
      return { method: 'POST', path: '/_matrix/client/v3/keys/signatures/upload' };
    case 'room-message': {
      const { room, eventType, transactionId } = request;
      return {
        method: 'PUT',
        path: path`/_matrix/client/v3/rooms/${room}/send/${eventType}/${transactionId}`,
      };
    }
    case 'keys-backup': {
      const { version } = request;
      return { method: 'PUT', path: '/_matrix/client/v3/room_keys/keys', query: { version } };
    }
    default:
      return request satisfies never;
  }
}

const nothingThere = (thrown: unknown): null => {
  if (thrown instanceof MatrixFailure && thrown.failure.kind === 'refused') {
    if (thrown.failure.errcode === 'M_NOT_FOUND') return null;
  }
  throw thrown;
};

/** {@link CryptoApi} over HTTP, for the account of the connection. */
export function createCryptoApi({ ask: call }: MatrixConnection, self: UserId): CryptoApi {
  const dataPath = (type: string): string =>
    path`/_matrix/client/v3/user/${self}/account_data/${type}`;
  const json = 'application/json';

  return {
    perform: async (request) => {
      const body = Buffer.from(request.body);
      const answer = await call({
        ...routeOf(request),
        ...{ body, mimetype: json, answer: jsonObjectSchema },
      });
      return JSON.stringify(answer);
    },
    uploadSigningKeys: async (body) => {
      await call({
        method: 'POST',
        path: '/_matrix/client/v3/keys/device_signing/upload',
        ...{ body: Buffer.from(body), mimetype: json, answer: anyAnswer },
      });
    },
    accountData: (type) =>
      call({ method: 'GET', path: dataPath(type), answer: jsonObjectSchema }).catch(nothingThere),
    putAccountData: async (type, content) => {
      await call({ method: 'PUT', path: dataPath(type), body: content, answer: anyAnswer });
    },
    backupVersion: () =>
      call({
        method: 'GET',
        path: '/_matrix/client/v3/room_keys/version',
        answer: backupAnswer,
      }).catch(nothingThere),
    createBackup: async (algorithm: string, authData: JsonObject) => {
      const made = await call({
        method: 'POST',
        path: '/_matrix/client/v3/room_keys/version',
        body: { algorithm, auth_data: authData },
        answer: createdBackup,
      });
      return made.version;
    },
    backedUpKeys: (version) =>
      call({
        method: 'GET',
        path: '/_matrix/client/v3/room_keys/keys',
        query: { version },
        maxBytes: largestBackup,
        timeoutMs: 10 * 60_000,
        answer: backedUpAnswer,
      }),
  };
}
