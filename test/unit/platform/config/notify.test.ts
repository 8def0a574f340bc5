import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../../src/core/errors.ts';
import { loadConfig, settingsAsYaml } from '../../../../src/platform/config/config.ts';
import { differenceOf } from '../../../../src/platform/config/difference.ts';
import { notifySchema } from '../../../../src/platform/config/notify-schema.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { say } from '../../../../src/core/text.ts';
import { configFolder, put, rightConfig } from './folder.ts';

const canary = 'canary-2b7f41';

function withNotify(notify: object, secrets: Readonly<Record<string, string>> = {}): string {
  const file = configFolder(`${rightConfig}notify: ${JSON.stringify(notify)}\n`);
  for (const [name, text] of Object.entries(secrets)) put(join(file, '..'), name, text);
  return file;
}

/** What is wrong with it, in words; null: nothing. */
function problemOf(notify: object, secrets: Readonly<Record<string, string>> = {}): string | null {
  try {
    loadConfig(withNotify(notify, secrets), {});
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return translate(say(error.code, error.params), 'en');
  }
}

const mail = { host: 'm.x.org', from: 'a@x.org', to: ['b@x.org'] };
const smtp = (fields: object) => ({ channels: [{ smtp: { ...mail, ...fields } }] });

describe('the section notify', () => {
  it('is in the docs as it can be used', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../../../docs/alerts.md'), 'utf8');
    const block = /```yaml\n(notify:[\s\S]*?)```/.exec(docs)?.[1] ?? '';
    const { notify: settings } = z.object({ notify: notifySchema }).parse(parse(block));
    const named = ['ntfy-topic', 'mail-password', 'telegram-token', 'gotify-token'];
    const addresses = ['webhook-url', 'heartbeat-url'];
    expect(settings.channels).toHaveLength(5);
    const file = withNotify({});
    put(join(file, '..'), 'urtc.yaml', `${rightConfig}${block.replaceAll('secrets/', '')}`, 0o644);
    for (const name of named) put(join(file, '..'), name, canary);
    for (const name of addresses) put(join(file, '..'), name, `https://x.org/${canary}`);
    const { notify: read } = loadConfig(file, {});
    expect(read?.channels.map(({ kind, name }) => [kind, name])).toEqual(
      ['ntfy', 'smtp', 'telegram', 'gotify', 'webhook'].map((kind) => [kind, kind]),
    );
    expect(read?.secrets.size).toBe(6);
  });

  for (const [what, notify, words] of [
    [
      'two kinds in one',
      { channels: [{ ntfy: { topic: { file: 'a' } }, smtp: mail }] },
      'exactly one of',
    ],
    ['none', { channels: [{ name: 'x' }] }, 'exactly one of'],
    ['two of one name', { channels: [{ smtp: mail }, { smtp: mail }] }, 'give one a `name`'],
    [
      'a token over http',
      { channels: [{ gotify: { url: 'http://x.org', token: { file: 'a' } } }] },
      'https',
    ],
    [
      'mail without TLS to elsewhere',
      smtp({ tls: 'none' }),
      'only for a mail server on this machine',
    ],
    ['a user without a password', smtp({ user: 'u' }), 'belong together'],
    [
      'an address with a line break',
      smtp({ from: 'a@x.org\r\nBcc: e@x.org' }),
      'no plain mail address',
    ],
    ['an address with a name', smtp({ to: ['Anna <a@x.org>'] }), 'no plain mail address'],
    ['a secret that stands there', { channels: [{ ntfy: { topic: canary } }] }, '{ file: PATH }'],
    ['an unknown key', { channel: [] }, '“channels”'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const problem = problemOf(notify);
      expect(problem).toContain(words);
      expect(problem).not.toContain(canary);
    });
  }

  it('refuses an address in a secret that is none to send to, and does not show it', () => {
    const notify = { channels: [{ webhook: { url: { file: 'hook' } } }] };
    for (const text of [`http://x.org/${canary}`, `ftp://x.org/${canary}`, canary]) {
      const problem = problemOf(notify, { hook: text });
      expect(problem).toContain('https address');
      expect(problem).not.toContain(canary);
    }
    expect(problemOf(notify, { hook: `http://127.0.0.1:1/${canary}` })).toBeNull();
    expect(problemOf(notify)).toContain('notify.channels[0].webhook.url');
  });

  it('[#39] shows a secret nowhere, and knows when it has changed', () => {
    const notify = { channels: [{ ntfy: { topic: { file: 'topic' } } }] };
    const file = withNotify(notify, { topic: canary });
    const before = loadConfig(file, {});
    const shown = [JSON.stringify(before), settingsAsYaml(before.settings)].join();
    expect(shown).not.toContain(canary);
    put(join(file, '..'), 'topic', 'another-topic');
    expect(differenceOf(before, loadConfig(file, {})).atStart).toEqual([
      'notify.channels[0].ntfy.topic',
    ]);
  });
});
