import { describe, expect, it } from 'vitest';
import { RoomLines } from '../../../lab/demo/room-lines.ts';
import { answer, event, typed } from './room-events.ts';

const plain = () => new RoomLines('@anna:lab.test', { colour: false });

describe('the room in a terminal', () => {
  it('marks who speaks and keeps the lines of a message together', () => {
    const lines = plain();
    expect(lines.show(typed('!help'))).toBe('anna › !help');
    expect(lines.show(answer(typed('!help'), 'first\n  second'))).toBe(
      'urtc › first\n         second',
    );
  });

  it('shows an edit with its new text', () => {
    const edit = event({
      body: '* new',
      'm.new_content': { msgtype: 'm.notice', body: 'new\ntext' },
      'm.relates_to': { rel_type: 'm.replace', event_id: '$x' },
    });
    expect(plain().show(edit)).toBe('urtc › ✎ new\n         text');
  });

  it('says what a reaction and a removal are about', () => {
    const lines = plain();
    const command = typed('!backup now\nsecond line');
    lines.show(command);
    const relation = { rel_type: 'm.annotation', event_id: command.event_id, key: '👀' };
    const reaction = event({ 'm.relates_to': relation }, { type: 'm.reaction' });
    expect(lines.show(reaction)).toBe('urtc › 👀 on “!backup now”');
    const removal = event({ redacts: command.event_id }, { type: 'm.room.redaction' });
    expect(lines.show(removal)).toBe('urtc › removed “!backup now”');
    const old = event({}, { type: 'm.room.redaction', redacts: '$before' });
    expect(lines.show(old)).toBe('urtc › removed an earlier message');
  });

  it('tells who comes and goes', () => {
    const member = (state_key: string, content: Record<string, unknown>, sender: string) =>
      plain().show(event(content, { type: 'm.room.member', state_key, sender }));
    const anna = '@anna:lab.test';
    expect(member(anna, { membership: 'join' }, anna)).toBe('anna › is in the room');
    expect(member('@bob:lab.test', { membership: 'invite' }, anna)).toBe(
      'anna › invited @bob:lab.test',
    );
    expect(member(anna, { membership: 'leave' }, anna)).toBe('anna › left the room');
  });

  it('names a file with its address and size', () => {
    const file = event({ msgtype: 'm.file', body: 'a.txt', url: 'mxc://x/y', info: { size: 12 } });
    expect(plain().show(file)).toBe('urtc › a.txt (file mxc://x/y, 12 bytes)');
  });

  it('lets nothing that somebody wrote steer the terminal', () => {
    const text = plain().show(event({ body: 'a\u001b[2Jb\r\u202ec\u0007\r\nd' }));
    expect(text).toBe('urtc › a�[2Jb��c�\n       d');
  });

  it('is silent about removed messages and about state that nobody reads', () => {
    expect(plain().show(event({}))).toBeUndefined();
    expect(plain().show(event({}, { type: 'm.room.power_levels' }))).toBeUndefined();
  });

  it('colours the mark by the outcome, and only where colours are wanted', () => {
    const lines = new RoomLines('@anna:lab.test', { colour: true });
    const end = (outcome: string) =>
      lines.show(event({ body: 'x', 'io.urtc.final': true, 'io.urtc.outcome': outcome }));
    expect(end('ok')).toBe('\u001b[32murtc › \u001b[39mx');
    expect(end('failed')).toBe('\u001b[31murtc › \u001b[39mx');
    expect(lines.show(typed('hello'))).toBe('\u001b[36manna › \u001b[39mhello');
  });
});
