import { describe, expect, it } from 'vitest';
import { answerFrom, repliesIn } from '../../lab/answer.ts';
import { labEvent, type LabEvent } from '../../lab/event.ts';

const event = (id: string, content: Record<string, unknown>): LabEvent =>
  labEvent.parse({
    event_id: id,
    type: 'm.room.message',
    sender: '@urtc:lab.test',
    origin_server_ts: 0,
    content,
  });

const replyTo = (command: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...more,
  'm.relates_to': { 'm.in_reply_to': { event_id: command } },
});

const editOf = (id: string, content: Record<string, unknown>): Record<string, unknown> => ({
  body: '* edit',
  'm.new_content': content,
  'm.relates_to': { rel_type: 'm.replace', event_id: id },
});

describe('putting an answer together', () => {
  it('takes parts up to the final one, and leaves other replies out', () => {
    const events = [
      event('$0', { body: 'not about it' }),
      event('$1', replyTo('$c', { body: 'first part' })),
      event('$2', replyTo('$other', { body: 'of another', 'io.urtc.final': true })),
      event('$3', replyTo('$c', { body: 'end', 'io.urtc.final': true, 'io.urtc.outcome': 'ok' })),
    ];
    const answer = answerFrom(events, '$c', 5);
    expect(answer).toMatchObject({ outcome: 'ok', body: 'first part\nend', ms: 5 });
    expect(answer?.parts.map((part) => part.event_id)).toEqual(['$1', '$3']);
  });

  it('has no answer while only a status message is there', () => {
    const status = event('$1', replyTo('$c', { body: 'working', 'io.urtc.status': true }));
    expect(answerFrom([status], '$c', 0)).toBeUndefined();
    expect(repliesIn([status], '$c')).toHaveLength(1);
  });

  it('takes edits of a status message as status, and an edit that is final as the answer', () => {
    const events = [
      event('$1', replyTo('$c', { body: 'working', 'io.urtc.status': true })),
      event('$2', editOf('$1', { body: 'half way', 'io.urtc.status': true })),
      event('$3', editOf('$1', { body: 'done', 'io.urtc.final': true, 'io.urtc.outcome': 'ok' })),
    ];
    const answer = answerFrom(events, '$c', 0);
    expect(answer?.status.map((each) => each.event_id)).toEqual(['$1', '$2']);
    expect(answer?.body).toBe('done');
  });

  it('finds the answer in a thread, where the reply may be the fallback', () => {
    const inThread = event('$1', {
      body: 'done',
      'io.urtc.final': true,
      'm.relates_to': {
        rel_type: 'm.thread',
        event_id: '$root',
        is_falling_back: true,
        'm.in_reply_to': { event_id: '$c' },
      },
    });
    expect(answerFrom([inThread], '$c', 0)?.body).toBe('done');
  });
});
