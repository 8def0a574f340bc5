import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Text } from '../../../../src/core/text.ts';
import { languages } from '../../../../src/core/words/index.ts';
import { timeZone, useTimeZone } from '../../../../src/core/words/time-zone.ts';
import { pieces, translate } from '../../../../src/core/words/translate.ts';

const before = timeZone();
beforeAll(() => useTimeZone('Europe/Berlin'));
afterAll(() => useTimeZone(before));

describe('translate', () => {
  const table: readonly (readonly [Text, string, string])[] = [
    ['<b> {{x}} $t(common.yes)', '<b> {{x}} $t(common.yes)', '<b> {{x}} $t(common.yes)'],
    [1_234_567.5, '1,234,567.5', '1,234,567.5'],
    [true, 'yes', '是'],
    [false, 'no', '否'],
    [null, 'none', '无'],
    [
      { moment: Date.UTC(2026, 6, 27, 12, 3, 9) },
      '27 Jul 2026, 14:03:09 CEST',
      '2026/07/27 14:03:09 CEST',
    ],
    [{ moment: Number.NaN }, 'NaN', 'NaN'],
    [{ span: 450 }, '450 ms', '450 毫秒'],
    [{ span: 200_000 }, '3 min 20 s', '3 分钟 20 秒'],
    [{ span: 3_599_600 }, '1 h', '1 小时'],
    [{ span: 26 * 3_600_000 + 59_000 }, '1 d 2 h', '1 天 2 小时'],
    [{ span: -61_000 }, '-1 min 1 s', '-1 分钟 1 秒'],
    [{ bytes: 999 }, '999 B', '999 B'],
    [{ bytes: 1_234_567 }, '1.2 MB', '1.2 MB'],
    [{ bytes: 999_999 }, '1 MB', '1 MB'],
    [
      { key: 'E_USER_EXISTS', params: { account: 'alice' } },
      'The account alice exists already.',
      '账号 alice 已存在。',
    ],
    [
      { key: 'status.step', params: { doing: { key: 'role.admin' } } },
      'Now: admin',
      '当前：管理员',
    ],
  ];
  it.each(table)('%j', (text, english, chinese) => {
    expect(translate(text, 'en')).toBe(english);
    // ICU names the zone of Berlin either way, by its version.
    expect(translate(text, 'zh').replace(/GMT\+2$/, 'CEST')).toBe(chinese);
  });

  it('never puts data through a template engine: what looks like one stays as it is', () => {
    const evil = '{{account}} $t(common.yes) {{- x}} `!user` __proto__';
    for (const language of languages) {
      const found = pieces({ key: 'E_USER_EXISTS', params: { account: evil } }, language);
      expect(found.filter((piece) => piece.kind === 'data')).toEqual([
        { kind: 'data', text: evil },
      ]);
    }
  });

  it('chooses the plural form by the count and writes it as any other number', () => {
    const mistakes = (count: number): string =>
      translate({ key: 'cli.config-wrong', params: { count, file: 'f' } }, 'en');
    expect(mistakes(1)).toBe('f has 1 mistake.');
    expect(mistakes(1234)).toContain('1,234 mistakes');
    expect(translate({ key: 'cli.config-wrong', params: { count: 1 } }, 'zh')).toContain('1');
  });

  it('shows a placeholder that nobody filled, and reads none from the prototype', () => {
    expect(translate({ key: 'E_USER_EXISTS' }, 'en')).toContain('{{account}}');
    const params = Object.create({ account: 'inherited' }) as Record<string, Text>;
    expect(translate({ key: 'E_USER_EXISTS', params }, 'en')).toContain('{{account}}');
  });
});

describe('useTimeZone', () => {
  it('refuses a zone that does not exist and keeps the one in use', () => {
    expect(() => useTimeZone('Mars/Olympus')).toThrow(RangeError);
    expect(timeZone()).toBe('Europe/Berlin');
  });
});
