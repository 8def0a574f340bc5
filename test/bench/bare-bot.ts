/**
 * The baseline: the least that a bot can be. Over the same HTTP client as ours it syncs and sends
 * exactly one event per command, without waiting for one before it sends the next. Nothing is kept.
 *
 * Environment: URL, TOKEN, ROOM, SENDER (whom it answers) and CONTENT (the JSON that it answers).
 */
import { connect } from '../../src/bot/client/http-call.ts';
import { createMatrixApi } from '../../src/bot/client/http-matrix-api.ts';
import { parseRoomId } from '../../src/core/ids.ts';
import { jsonObjectSchema } from '../../src/core/json.ts';
import { Secret } from '../../src/core/secret.ts';
import { z } from 'zod';

const {
  URL: url,
  TOKEN,
  ROOM,
  SENDER,
  CONTENT,
} = z
  .object({
    URL: z.string(),
    TOKEN: z.string(),
    ROOM: z.string(),
    SENDER: z.string(),
    CONTENT: z.string(),
  })
  .parse(process.env);

const command = z.object({
  event_id: z.string(),
  type: z.literal('m.room.message'),
  sender: z.literal(SENDER),
  content: z.object({ msgtype: z.literal('m.text'), body: z.string().startsWith('!') }),
});

const api = createMatrixApi(connect({ url, accessToken: new Secret(TOKEN) }));
const room = parseRoomId(ROOM);
const answer = jsonObjectSchema.parse(JSON.parse(CONTENT));
const never = new AbortController().signal;

await api.whoami();
let since: string | null = null;
for (;;) {
  const isFirst: boolean = since === null;
  const batch = await api.sync(
    { since, timeoutMs: isFirst ? 0 : 30_000, timelineLimit: 50, isFresh: false },
    never,
  );
  since = batch.next;
  if (isFirst) {
    process.stdout.write('ready\n');
    continue;
  }
  for (const event of batch.joined.get(room)?.events ?? []) {
    const parsed = command.safeParse(event);
    if (!parsed.success) continue;
    const relation = { 'm.in_reply_to': { event_id: parsed.data.event_id } };
    const content = { ...answer, 'm.relates_to': relation };
    void api.send(room, 'm.room.message', parsed.data.event_id.slice(1), content);
  }
}
