import type { render as english } from '../en/render.ts';
import type { Chinese } from '../index.ts';

/** 各种输出方式所加的词。 */
export const render = {
  'render.colon': '：',
  'render.file': '文件：{{name}}（{{size}}）',
  'render.in_file': '完整内容见文件 {{name}}（{{size}}）。',
  'render.no_rows': '没有条目。',
  'render.error_code': '错误代码',
  'question.title': '请确认 `{{line}}`',
  'question.destroy': '此操作难以撤销。将会执行：',
  'question.asks': '此操作会先询问。将会执行：',
  'question.stale': '读到这条命令时距发送已久，因此先询问。将会执行：',
  'question.code': '要继续，请在 {{left}}内（{{until}} 前）回复 `{{code}}`。',
  'question.cancel': '要放弃，请用 ❌ 回应，或发送 `!cancel {{job}}`。',
  'question.cancel_terminal': '要放弃，请按 Ctrl-C 或回车键。',
  'status.working': '正在执行 `{{line}}`',
  'status.step': '当前：{{doing}}',
  'status.since': '任务 {{job}}，自 {{since}} 起。发送 `!cancel {{job}}` 可停止。',
  'status.ended': '`{{line}}`（任务 {{job}}）',
} as const satisfies Chinese<typeof english>;
