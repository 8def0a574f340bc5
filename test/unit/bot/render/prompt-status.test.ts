import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPrompt } from '../../../../src/bot/render/prompt.ts';
import { renderStatus } from '../../../../src/bot/render/status.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { timeZone, useTimeZone } from '../../../../src/core/words/time-zone.ts';
import { noon, prompt } from '../../commands/render/samples.ts';
import { eventBytes } from './message-reader.ts';

const before = timeZone();
beforeAll(() => useTimeZone('UTC'));
afterAll(() => useTimeZone(before));

const job = { id: 'j3', line: 'user deactivate alice' };

describe('renderPrompt', () => {
  it('says what will happen, the code, how long it is valid and how to cancel', () => {
    const { message, files } = renderPrompt(job, prompt, noon, 'en');
    expect(files).toEqual([]);
    for (const part of [
      '`user deactivate alice`',
      '@alice:example.org',
      'ends 3 sessions',
      '`4821`',
      'within 5 min (until 27 Jul 2026, 12:08:09 UTC)',
      '`!cancel j3`',
    ]) {
      expect(message.body).toContain(part);
    }
  });

  it('says why it asks', () => {
    const stale = renderPrompt(job, { ...prompt, reason: 'stale' }, noon, 'en').message.body;
    expect(stale).toContain('was read long after it was sent');
    expect(stale).not.toEqual(renderPrompt(job, prompt, noon, 'en').message.body);
  });

  it('never tells a negative time where the clock has passed the end', () => {
    const late = renderPrompt(job, prompt, noon + 400_000, 'en').message.body;
    expect(late).toContain('within 0 ms');
  });

  it('[#20] stays one message with the code in it, however long the plan and the command are', () => {
    for (const language of languages) {
      const line = 'x'.repeat(60_000);
      const shown = [{ type: 'code', content: 'account\n'.repeat(50_000) }] as const;
      const { message, files } = renderPrompt(
        { id: 'j3', line },
        { ...prompt, shown },
        noon,
        language,
      );
      expect(message.body).toContain('`4821`');
      expect(message.body).toContain('`!cancel j3`');
      expect(message.body).toContain('answer.txt');
      expect(eventBytes(message)).toBeLessThan(40_000);
      expect(files).toHaveLength(1);
      const text = Buffer.from(files[0]?.content ?? []).toString();
      expect(text).toContain(line);
      expect(text.split('\n').filter((l) => l === 'account')).toHaveLength(50_000);
    }
  });
});

describe('renderStatus', () => {
  const status = { job, since: noon, doing: null, outcome: null };
  it('says what it works on, the step and since when', () => {
    expect(renderStatus({ ...status, doing: 'closing sessions' }, 'en')).toEqual({
      body:
        '⏳ Working on `user deactivate alice`\nNow: closing sessions\n' +
        'Job j3, since 27 Jul 2026, 12:03:09 UTC. `!cancel j3` stops it.',
      formattedBody:
        '<p>⏳ Working on <code>user deactivate alice</code><br>Now: closing sessions<br>' +
        'Job j3, since 27 Jul 2026, 12:03:09 UTC. <code>!cancel j3</code> stops it.</p>',
    });
    expect(renderStatus(status, 'en').body.split('\n')).toHaveLength(2);
  });

  it('says how it ended', () => {
    expect(renderStatus({ ...status, outcome: 'ok' }, 'zh').body).toBe(
      '✅ 完成：`user deactivate alice`（任务 j3）',
    );
  });

  it('is short whatever it is told, and shows that it was shortened', () => {
    for (const unit of ['a', '👩‍👩‍👧', `e${'\u0301'.repeat(1000)}`]) {
      const long = unit.repeat(60_000 / unit.length + 200);
      const message = renderStatus(
        { job: { id: 'j3', line: long }, since: 0, doing: long, outcome: null },
        'en',
      );
      expect(message.body).toContain('…');
      expect(eventBytes(message)).toBeLessThan(40_000);
    }
  });
});
