import { describe, expect, it } from 'vitest';
import { ends, openQuestion, questionIn } from '../../../lab/demo/question.ts';
import { answer, event, typed } from './room-events.ts';

const command = typed('!user deactivate alice');
const question = answer(command, 'Confirm. To go on, reply with K7QX within 5 min.', {
  formatted_body:
    'Confirm <code>!user deactivate alice</code><br>ABC1 <code>AB12</code><br>reply with <code>K7QX</code>, or <code>!cancel j1</code>',
  'io.urtc.prompt': 'j1',
  'io.urtc.job': 'j1',
});
const final = { 'io.urtc.final': true, 'io.urtc.outcome': 'ok', 'io.urtc.job': 'j1' };

describe('questions of the bot', () => {
  it('has its job and its code: the last one in the text, below whatever is shown', () => {
    expect(questionIn(question)).toEqual({ event: question, job: 'j1', code: 'K7QX' });
    expect(questionIn(command)).toBeUndefined();
  });

  it('names no code where there is none, and makes none up of a command', () => {
    const bare = event({ 'io.urtc.prompt': 'j1', formatted_body: '<code>!AB1</code> AB12' });
    expect(questionIn(bare)?.code).toBe('');
  });

  it('is open until its job has ended, the newest one first', () => {
    const other = event({ 'io.urtc.prompt': 'j2', formatted_body: '<code>Z9ZZ</code>' });
    expect(openQuestion([command, question, other])?.job).toBe('j2');
    const end = event({ ...final, 'io.urtc.job': 'j2' });
    expect(openQuestion([command, question, other, end])?.job).toBe('j1');
    expect(openQuestion([question, other, end, event(final)])).toBeUndefined();
  });
});

describe('the end of a command', () => {
  const watched = { commands: [command.event_id], job: '' };

  it('is its final answer, and neither a part nor the end of another one', () => {
    const part = answer(command, 'part');
    const end = answer(command, 'end', final);
    const foreign = answer(typed('!help'), 'help', { 'io.urtc.final': true });
    const events = [command, part, foreign, end];
    expect(events.map((each) => ends(each, events, watched))).toEqual([false, false, false, true]);
  });

  it('is for a confirmation the end of the job, whatever that replies to', () => {
    const code = typed('K7QX');
    const end = answer(command, 'done', final);
    const events = [command, question, code, end];
    expect(ends(end, events, { commands: [code.event_id], job: 'j1' })).toBe(true);
    expect(ends(end, events, { commands: [code.event_id], job: 'j2' })).toBe(false);
  });
});
