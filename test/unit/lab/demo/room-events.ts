import { labEvent, type LabEvent } from '../../../lab/event.ts';

let count = 0;

/** An event as the person's sync brings it. */
export const event = (
  content: Record<string, unknown>,
  more: Record<string, unknown> = {},
): LabEvent => {
  count += 1;
  return labEvent.parse({
    event_id: `$${count}`,
    type: 'm.room.message',
    sender: '@urtc:lab.test',
    origin_server_ts: 0,
    content,
    ...more,
  });
};

/** What the bot says to a command. */
export const answer = (
  command: LabEvent,
  body: string,
  keys: Record<string, unknown> = {},
): LabEvent =>
  event({
    msgtype: 'm.notice',
    body,
    'm.relates_to': { 'm.in_reply_to': { event_id: command.event_id } },
    ...keys,
  });

/** What the person says. */
export const typed = (body: string): LabEvent =>
  event({ msgtype: 'm.text', body }, { sender: '@anna:lab.test' });
