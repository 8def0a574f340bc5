import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { labEvent, type LabEvent } from './event.ts';
import { HttpFailure, rawRequest, requestJson, route, type HttpRequest } from './http.ts';
import { editContent, messageContent, type MessageOptions } from './message.ts';
import { historyPage } from './seen.ts';
import type { Account } from './synapse/accounts.ts';

const eventIdAnswer = z.object({ event_id: z.string() });
const roomIdAnswer = z.object({ room_id: z.string() });
const uploadAnswer = z.object({ content_uri: z.string() });
const membersAnswer = z.object({ chunk: z.array(labEvent) });

/** What a new room is like. Default: private, invited people only. */
export interface NewRoom {
  readonly name?: string;
  readonly invite?: readonly string[];
  readonly roomVersion?: string;
  readonly preset?: 'private_chat' | 'trusted_private_chat' | 'public_chat';
  /** Further keys of `createRoom`, as they are. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * The requests of a plain Matrix client: one account, no crypto, nothing kept.
 * Source: Matrix client-server API v1.11 on.
 */
export class PlainClient {
  readonly account: Account;
  readonly baseUrl: string;

  constructor(baseUrl: string, account: Account) {
    this.baseUrl = baseUrl;
    this.account = account;
  }

  get userId(): string {
    return this.account.userId;
  }

  /** Any request, with this account's token. @throws HttpFailure when the answer is not 2xx. */
  async request(request: HttpRequest): Promise<unknown> {
    return requestJson(this.baseUrl, { token: this.account.accessToken, ...request });
  }

  async createRoom(room: NewRoom = {}): Promise<string> {
    const { name, invite = [], roomVersion, preset = 'private_chat', more } = room;
    const body = { name, invite, room_version: roomVersion, preset, ...more };
    const path = '/_matrix/client/v3/createRoom';
    return roomIdAnswer.parse(await this.request({ method: 'POST', path, body })).room_id;
  }

  async join(roomIdOrAlias: string): Promise<string> {
    const path = route`/_matrix/client/v3/join/${roomIdOrAlias}`;
    return roomIdAnswer.parse(await this.request({ method: 'POST', path, body: {} })).room_id;
  }

  async leave(roomId: string): Promise<void> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/leave`;
    await this.request({ method: 'POST', path, body: {} });
  }

  async invite(roomId: string, userId: string): Promise<void> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/invite`;
    await this.request({ method: 'POST', path, body: { user_id: userId } });
  }

  async kick(roomId: string, userId: string, reason?: string): Promise<void> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/kick`;
    await this.request({ method: 'POST', path, body: { user_id: userId, reason } });
  }

  /** Sends any event and returns its id. The same `txnId` again is the same event. */
  async putEvent(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
    txnId: string = randomUUID(),
  ): Promise<string> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/send/${type}/${txnId}`;
    const answer = await this.request({ method: 'PUT', path, body: content });
    return eventIdAnswer.parse(answer).event_id;
  }

  /** Sends a message and returns its event id. */
  async send(roomId: string, text: string, options: MessageOptions = {}): Promise<string> {
    const content = messageContent(text, options);
    return this.putEvent(roomId, 'm.room.message', content, options.txnId);
  }

  async edit(roomId: string, eventId: string, text: string): Promise<string> {
    return this.putEvent(roomId, 'm.room.message', editContent(eventId, text));
  }

  async react(roomId: string, eventId: string, key: string): Promise<string> {
    const relation = { rel_type: 'm.annotation', event_id: eventId, key };
    return this.putEvent(roomId, 'm.reaction', { 'm.relates_to': relation });
  }

  async redact(roomId: string, eventId: string, reason?: string): Promise<string> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/redact/${eventId}/${randomUUID()}`;
    const answer = await this.request({ method: 'PUT', path, body: { reason } });
    return eventIdAnswer.parse(answer).event_id;
  }

  async event(roomId: string, eventId: string): Promise<LabEvent> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/event/${eventId}`;
    return labEvent.parse(await this.request({ path }));
  }

  /** Content of one piece of a room's state, `undefined` where there is none. */
  async state(roomId: string, type: string, stateKey = ''): Promise<unknown> {
    try {
      const path = route`/_matrix/client/v3/rooms/${roomId}/state/${type}/${stateKey}`;
      return await this.request({ path });
    } catch (error) {
      if (error instanceof HttpFailure && error.status === 404) return undefined;
      throw error;
    }
  }

  async setState(
    roomId: string,
    type: string,
    content: Readonly<Record<string, unknown>>,
    stateKey = '',
  ): Promise<string> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/state/${type}/${stateKey}`;
    const answer = await this.request({ method: 'PUT', path, body: content });
    return eventIdAnswer.parse(answer).event_id;
  }

  /** User id → membership of everybody who has one in the room. */
  async members(roomId: string): Promise<Map<string, unknown>> {
    const path = route`/_matrix/client/v3/rooms/${roomId}/members`;
    const { chunk } = membersAnswer.parse(await this.request({ path }));
    return new Map(chunk.map((event) => [event.state_key ?? '', event.content['membership']]));
  }

  /** The whole history of a room that the person may see, oldest event first. */
  async messages(roomId: string): Promise<LabEvent[]> {
    const newestFirst: LabEvent[] = [];
    let from: string | undefined;
    do {
      const query = new URLSearchParams({ dir: 'b', limit: '1000' });
      if (from !== undefined) query.set('from', from);
      const path = `${route`/_matrix/client/v3/rooms/${roomId}/messages`}?${query.toString()}`;
      const page: z.infer<typeof historyPage> = historyPage.parse(await this.request({ path }));
      newestFirst.push(...page.chunk);
      from = page.end;
    } while (from !== undefined);
    return newestFirst.reverse();
  }

  /** Uploads a file and returns its `mxc://` address. */
  async upload(data: Uint8Array, type: string, name: string): Promise<string> {
    const path = `/_matrix/media/v3/upload?${new URLSearchParams({ filename: name }).toString()}`;
    const answer = await this.request({ method: 'POST', path, bytes: { data, type } });
    return uploadAnswer.parse(answer).content_uri;
  }

  /** The file of a message: what lies at its `url`. */
  async fileOf(event: LabEvent): Promise<Uint8Array> {
    return this.download(String(event.content['url']));
  }

  /** Uploads a file, sends it as a message and returns the id of that. */
  async sendFile(roomId: string, data: Uint8Array, name: string, type: string): Promise<string> {
    const url = await this.upload(data, type, name);
    const info = { size: data.length, mimetype: type };
    return this.putEvent(roomId, 'm.room.message', { msgtype: 'm.file', body: name, info, url });
  }

  async download(mxc: string): Promise<Uint8Array> {
    const [server = '', id = ''] = mxc.replace(/^mxc:\/\//, '').split('/');
    const path = route`/_matrix/client/v1/media/download/${server}/${id}`;
    const request = { path, token: this.account.accessToken };
    const response = await rawRequest(this.baseUrl, request);
    if (!response.ok) throw new HttpFailure(request, response.status, await response.text());
    return new Uint8Array(await response.arrayBuffer());
  }
}
