import type { logs as english } from '../en/logs.ts';
import type { Chinese } from '../index.ts';

/** Logs of components. */
export const logs = {
  'logs.grep.syntax': '不是有效的正则表达式',
  'logs.grep.looks': '不支持环视、命名分组和反向引用：它们可能永远匹配不完',
  'logs.grep.big': '过长',
} as const satisfies Chinese<typeof english>;
