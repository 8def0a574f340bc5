import { expect, test } from 'vitest';
import { readRawEvent } from '../../../../src/bot/inbox/raw-event.ts';

const event = {
  event_id: '$event',
  sender: '@alice:lab.test',
  type: 'm.room.message',
  origin_server_ts: 1_700_000_000_000,
  content: { msgtype: 'm.text', body: '!version' },
  unsigned: { age: 12, transaction_id: 't' },
};

test('a proper event is read whole', () => {
  expect(readRawEvent(event)).toEqual({ ...event, isMalformed: false });
  const { event_id, sender, type, content } = event;
  expect(readRawEvent({ event_id, sender, type, content })).toMatchObject({
    isMalformed: false,
    unsigned: {},
  });
});

test.each(['event_id', 'sender', 'type'])('[#30] without a proper %s it is no event', (field) => {
  for (const wrong of [undefined, null, 7, '', [], {}]) {
    if (field === 'type' && wrong === '') continue;
    expect(readRawEvent({ ...event, [field]: wrong })).toBeNull();
  }
});

test.each(['origin_server_ts', 'state_key', 'content', 'redacts', 'unsigned'])(
  '[#30] with a wrong %s it is remembered, and malformed',
  (field) => {
    for (const wrong of [null, true, [], field === 'content' ? 'text' : { age: 'old' }]) {
      expect(readRawEvent({ ...event, [field]: wrong })).toMatchObject({
        event_id: '$event',
        isMalformed: true,
      });
    }
  },
);
