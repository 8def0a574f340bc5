import type { confirm as english } from '../en/confirm.ts';
import type { Chinese } from '../index.ts';

/** 执行前的确认及其回答。 */
export const confirm = {
  'confirm.expired': '未在期限内确认；没有做任何更改。',
  'confirm.withdrawn': '这是第 {{tries}} 次错误代码：问题已撤回，没有做任何更改。',
  'confirm.refused': '{{person}} 拒绝了；没有做任何更改。',
  'confirm.question-removed': '该问题已从房间中删除；没有做任何更改。',
  'confirm.command-removed': '该命令已从房间中删除；没有做任何更改。',
  'confirm.nobody-there': '发出命令的终端已不在；没有做任何更改。',
} as const satisfies Chinese<typeof english>;
