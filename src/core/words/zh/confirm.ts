import type { confirm as english } from '../en/confirm.ts';
import type { Chinese } from '../index.ts';

/** 执行前的确认及其回答。 */
export const confirm = {
  'confirm.expired': '期限内没有收到对 `{{line}}` 的确认；没有做任何更改。',
  'confirm.withdrawn': '这是第 {{tries}} 次错误代码：问题已撤回，没有做任何更改。',
  'confirm.refused': '{{person}} 拒绝了；没有做任何更改。',
  'confirm.question-removed': '该问题已从房间中删除；没有做任何更改。',
  'confirm.command-removed': '该命令已从房间中删除；没有做任何更改。',
  'confirm.new-identity': '在此问题提出之后，{{person}} 有了新的加密身份；没有做任何更改。',
  'confirm.nobody-there': '发出命令的终端已不在；没有做任何更改。',
  E_CONFIRM_NOT_A_CODE: '这不是确认码；问题仍在等待回答。',
  'E_CONFIRM_NOT_A_CODE.next': '要继续，请用 `{{code}}` 回复它。要放弃，请用 ❌ 回应它。',
  E_CONFIRM_READ_LATE: '您按时发送了该确认码，但读到它时期限已过；没有做任何更改。',
  'E_CONFIRM_READ_LATE.next': '请重新发送命令。',
} as const satisfies Chinese<typeof english>;
