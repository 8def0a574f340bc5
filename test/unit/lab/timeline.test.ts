import { describe, expect, it } from 'vitest';
import { labEvent, type LabEvent } from '../../lab/event.ts';
import { Timeline } from '../../lab/timeline.ts';

const event = (id: string): LabEvent =>
  labEvent.parse({
    event_id: id,
    type: 'm.room.message',
    sender: '@alice:lab.test',
    origin_server_ts: 0,
    content: { body: `body of ${id}` },
  });

const is = (id: string) => (each: LabEvent) => each.event_id === id;

describe('a timeline', () => {
  it('holds each event once', () => {
    const timeline = new Timeline();
    for (const id of ['$1', '$2', '$1']) timeline.add(event(id));
    expect(timeline.events).toHaveLength(2);
  });

  it('finds what is there already, unless it is asked for what comes later', async () => {
    const timeline = new Timeline();
    timeline.add(event('$1'));
    expect((await timeline.waitFor(is('$1'))).event_id).toBe('$1');
    const since = timeline.mark();
    await expect(timeline.waitFor(is('$1'), { since, timeoutMs: 20 })).rejects.toThrow(
      /no such event within 20 ms[^]*body of \$1/,
    );
  });

  it('wakes who waits when the event comes', async () => {
    const timeline = new Timeline();
    const found = timeline.waitFor(is('$2'));
    timeline.add(event('$1'));
    timeline.add(event('$2'));
    expect((await found).event_id).toBe('$2');
  });

  it('wakes who waits when an event that is there becomes readable', async () => {
    const timeline = new Timeline();
    timeline.add(event('$1'));
    timeline.add(event('$2'));
    const readable = (each: LabEvent): boolean => each.content['body'] === 'now readable';
    const found = timeline.waitFor(readable);
    const later = timeline.waitFor(readable, { since: 1, timeoutMs: 20 });
    timeline.replace({ ...event('$1'), content: { body: 'now readable' } });
    expect((await found).event_id).toBe('$1');
    expect(timeline.events.map((each) => each.event_id)).toEqual(['$1', '$2']);
    await expect(later).rejects.toThrow(/no such event/);
  });

  it('shows what is there and what comes, each once, until it is told to stop', () => {
    const timeline = new Timeline();
    const shown: string[] = [];
    timeline.add(event('$1'));
    const stop = timeline.follow((each) => shown.push(each.event_id));
    timeline.add(event('$2'));
    timeline.add(event('$2'));
    stop();
    timeline.add(event('$3'));
    expect(shown).toEqual(['$1', '$2']);
  });

  it('survives events whose content is no object', () => {
    const broken = labEvent.parse({ ...event('$1'), content: ['not', 'an', 'object'] });
    expect(broken.content).toEqual({});
  });
});
