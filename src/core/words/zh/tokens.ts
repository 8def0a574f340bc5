import type { tokens as english } from '../en/tokens.ts';
import type { Chinese } from '../index.ts';

/** 注册令牌：持有者可以自己创建账号。 */
export const tokens = {
  'token.argument.handle': '令牌代号，见 `!token list`',
  'token.flag.days': '多少天后过期',
  'token.flag.uses': '可创建多少个账号',
  'token.flag.note': '用途；只由机器人保存',

  'token.reason.handle': '不是令牌代号；用 `!token list` 查看',
  'token.note.long': '备注最多 {{limit}} 个字符',
  'token.note.invisible': '备注不能含换行或不可见字符',

  'token.field.handle': '代号',
  'token.field.note': '备注',
  'token.field.state': '状态',
  'token.field.uses': '已创建账号',
  'token.field.uses-allowed': '上限',
  'token.field.pending': '正在创建',
  'token.field.expires': '过期时间',
  'token.unlimited': '不限',
  'token.never': '永不',
  'token.state.open': '可用',
  'token.state.expired': '已过期',
  'token.state.used': '已用完',

  'token.secret':
    '令牌不会显示在这里。请在服务器上运行 `sudo urtc secret show {{code}}`，只会显示一次。',

  'token.create.summary': '创建注册令牌：持有者可以自己创建账号',
  'token.create.plan_other': '将创建注册令牌：可创建 {{count}} 个账号，有效期至 {{expires}}。',
  'token.create.done_other': '令牌 {{handle}} 可创建 {{count}} 个账号。',
  'token.create.lost':
    '该令牌的代码已过期，无法确定令牌是否已创建。若已创建，`!token list` 会列出。',

  'token.list.summary': '列出注册令牌',
  'token.list.title': '注册令牌',

  'token.revoke.summary': '吊销注册令牌；已用它创建的账号保留',
  'token.revoke.plan': '令牌 {{handle}} 将被吊销：不能再创建账号。',
  'token.revoke.done': '令牌 {{handle}} 已吊销。',
} as const satisfies Chinese<typeof english>;
