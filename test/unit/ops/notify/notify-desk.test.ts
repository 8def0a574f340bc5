import { expect, it } from 'vitest';
import { NotifyDesk } from '../../../../src/ops/notify/notify-desk.ts';
import { FakeClock } from '../../bot/fake-clock.ts';
import { FakeChannel } from './notify-stage.ts';

const words = { title: 'test', lines: ['a\nb'] };
const { signal } = new AbortController();

it('tries all channels or the one that is named, and says of each what became of it', async () => {
  const [mail, phone] = [new FakeChannel('mail'), new FakeChannel('phone')];
  const desk = new NotifyDesk([mail, phone], new FakeClock());
  mail.fate = 'refused';
  expect(await desk.test(null, words, signal)).toEqual([
    { channel: 'mail', result: 'refused', said: 'no' },
    { channel: 'phone', result: 'taken', said: 'ok' },
  ]);
  mail.fate = 'unsure';
  expect(await desk.test('mail', words, signal)).toEqual([
    { channel: 'mail', result: 'unsure', said: 'silence' },
  ]);
  expect(phone.notes.map(({ text, urgency }) => [text, urgency])).toEqual([['a b', 'relief']]);
});

it('says which channels there are, or that there is none', () => {
  const desk = new NotifyDesk([new FakeChannel('mail')], new FakeClock());
  expect(desk.names(null)).toEqual(['mail']);
  expect(() => desk.names('pager')).toThrow('E_CHANNEL_UNKNOWN');
  expect(() => new NotifyDesk([], new FakeClock()).names(null)).toThrow('E_NOTIFY_OFF');
});
