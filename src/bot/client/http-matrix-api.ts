import { randomUUID } from 'node:crypto';
import type { RoomId } from '../../core/ids.ts';
import * as answers from './answers.ts';
import { MatrixFailure } from './failure.ts';
import { ordinaryTimeoutMs, path, type HttpCall, type MatrixConnection } from './http-call.ts';
import type { MatrixApi, SyncQuery } from './matrix-api.ts';

const uploadTimeoutMs = 120_000;
/** The server may use up its long poll; more than this beyond it is a dead connection. */
const graceMs = 10_000;
/** A sync of 50 events, each as large as events get, and as much again. */
const syncBytes = 16 * 1024 * 1024;

/**
 * Synapse keeps an answer for two minutes and gives it again to whoever asks in the same words
 * (`sync_response_cache_duration`); a sender who does not exist makes the words differ.
 */
const nobody = (): readonly string[] => [`@${randomUUID()}:invalid`];

const filter = ({ timelineLimit, isFresh }: SyncQuery): string =>
  JSON.stringify({
    presence: { not_types: ['*'], ...(isFresh ? { not_senders: nobody() } : {}) },
    account_data: { not_types: ['*'] },
    room: {
      account_data: { not_types: ['*'] },
      ephemeral: { not_types: ['*'] },
      // What we need of the state we ask for; its changes come with the timeline.
      state: { not_types: ['*'] },
      timeline: { limit: timelineLimit },
    },
  });

const absent = (thrown: unknown): null => {
  if (thrown instanceof MatrixFailure && thrown.failure.kind === 'refused') {
    if (thrown.failure.errcode === 'M_NOT_FOUND') return null;
  }
  throw thrown;
};

/** {@link MatrixApi} over HTTP. */
export function createMatrixApi({ url, ask: call }: MatrixConnection): MatrixApi {
  const room = (id: RoomId): string => path`/_matrix/client/v3/rooms/${id}`;
  const sent = async (sending: Pick<HttpCall<never>, 'path' | 'body' | 'signal'>) =>
    (await call({ ...sending, method: 'PUT', answer: answers.sentAnswer })).event_id;

  return {
    url,
    versions: async () => {
      const versions = '/_matrix/client/versions';
      return (await call({ method: 'GET', path: versions, answer: answers.versionsAnswer }))
        .versions;
    },
    whoami: () =>
      call({
        method: 'GET',
        path: '/_matrix/client/v3/account/whoami',
        answer: answers.whoamiAnswer,
      }),
    defaultRoomVersion: async () => {
      const { capabilities } = await call({
        method: 'GET',
        path: '/_matrix/client/v3/capabilities',
        answer: answers.capabilitiesAnswer,
      });
      return capabilities['m.room_versions']?.default ?? '1';
    },
    sync: (asked, signal) => {
      const { since, timeoutMs } = asked;
      return call({
        method: 'GET',
        path: '/_matrix/client/v3/sync',
        query: {
          filter: filter(asked),
          timeout: timeoutMs,
          set_presence: 'offline',
          ...(since === null ? {} : { since }),
        },
        timeoutMs: timeoutMs + graceMs + (since === null ? ordinaryTimeoutMs : 0),
        signal,
        maxBytes: syncBytes,
        answer: answers.syncAnswer,
      });
    },
    history: (id, from, limit, signal) =>
      call({
        method: 'GET',
        path: `${room(id)}/messages`,
        query: { dir: 'b', from, limit },
        maxBytes: syncBytes,
        signal,
        answer: answers.historyAnswer,
      }),
    send: (id, eventType, transactionId, body, signal) =>
      sent({ path: `${room(id)}${path`/send/${eventType}/${transactionId}`}`, body, signal }),
    redact: (id, target, transactionId, body, signal) =>
      sent({ path: `${room(id)}${path`/redact/${target}/${transactionId}`}`, body, signal }),
    putState: (id, eventType, stateKey, body, signal) =>
      sent({ path: `${room(id)}${path`/state/${eventType}/${stateKey}`}`, body, signal }),
    stateEvent: (id, eventType, stateKey) =>
      call({
        method: 'GET',
        path: `${room(id)}${path`/state/${eventType}/${stateKey}`}`,
        query: { format: 'event' },
        answer: answers.stateEventAnswer,
      }).catch(absent),
    members: (id) =>
      call({ method: 'GET', path: `${room(id)}/members`, answer: answers.membersAnswer }),
    joinedRooms: async () => {
      const joined = '/_matrix/client/v3/joined_rooms';
      const answer = answers.joinedRoomsAnswer;
      return (await call({ method: 'GET', path: joined, answer })).joined_rooms;
    },
    join: async (id) => {
      const join = path`/_matrix/client/v3/join/${id}`;
      await call({ method: 'POST', path: join, body: {}, answer: answers.anyAnswer });
    },
    leave: async (id) => {
      const leave = `${room(id)}/leave`;
      await call({ method: 'POST', path: leave, body: {}, answer: answers.anyAnswer });
    },
    invite: async (id, user) => {
      const body = { user_id: user };
      await call({ method: 'POST', path: `${room(id)}/invite`, body, answer: answers.anyAnswer });
    },
    createRoom: async (body) => {
      const create = '/_matrix/client/v3/createRoom';
      const answer = answers.createdAnswer;
      // Some twenty events on a small machine take their time.
      const timeoutMs = 2 * ordinaryTimeoutMs;
      return (await call({ method: 'POST', path: create, body, timeoutMs, answer })).room_id;
    },
    upload: async (filename, mimetype, data, signal) => {
      const answer = await call({
        method: 'POST',
        path: '/_matrix/media/v3/upload',
        query: { filename },
        body: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        mimetype,
        timeoutMs: uploadTimeoutMs,
        signal,
        answer: answers.uploadAnswer,
      });
      return answer.content_uri;
    },
  };
}
