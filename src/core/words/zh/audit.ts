import type { audit as english } from '../en/audit.ts';
import type { Chinese } from '../index.ts';

/** 审计日志与错误日志。 */
export const audit = {
  'audit.summary': '显示谁做了什么，或校验日志',
  'audit.action': '`verify` 检查日志是否被更改或截断',
  'audit.limit': '显示多少行',
  'audit.person': '只显示此人的操作：`anna` 或 `@anna:server`',
  'audit.command': '只显示此命令',
  'audit.unknown-command': '没有 `{{command}}` 这个命令。{{suggestion}}',
  'audit.unknown-person': '{{person}} 不在人员名单中。{{suggestion}}',
  'audit.column.sequence': '序号',
  'audit.column.at': '时间',
  'audit.column.actor': '操作人',
  'audit.column.line': '命令',
  'audit.column.decision': '决定',
  'audit.column.result': '结果',
  'audit.column.duration': '耗时',
  'audit.column.job': '任务',
  'audit.decision.allowed': '允许',
  'audit.decision.refused': '拒绝',
  'audit.decision.confirmed': '已确认',
  'audit.decision.cancelled': '已取消',
  'audit.decision.finished': '已结束',
  'audit.intact': '全部 {{entries}} 行均与写入时一致。',
  'audit.intact-anchored':
    '全部 {{entries}} 行均与写入时一致。到第 {{anchored}} 行为止，管理房间也为其作证：那里若缺少任何一行，无论谁改动了文件都会被发现。',
  'audit.not-anchored': '无法读取文件之外的锚点，因此无法发现末尾被截断。',
  'audit.broken.hash': '第 {{sequence}} 行被更改。',
  'audit.broken.order': '第 {{sequence}} 行不在原来的位置。',
  'audit.broken.gap': '第 {{sequence}} 行缺失。',
  'audit.cut': '末尾被截断：现有 {{entries}} 行，而原来至少有 {{anchored}} 行。',
  'audit.broken.next':
    '有人或程序更改了该文件：请保留其副本并检查备份。是您自己还原或恢复了此服务器吗？`sudo urtc bot accept-audit` 会从现状继续。',
  'audit.anchor-kept':
    '我保留本房间中的旧锚点，不再写入新的锚点，因此 `!audit verify` 会一直发现此问题。',
  'audit.anchor-replaced':
    '有人在服务器上接受了审计日志的现状：从现在起，本房间为其 {{entries}} 行作证。以前的锚点保留在房间历史中，操作人见 `!audit`。',
  'audit.accept.summary': '还原或恢复之后，从审计日志的现状继续',
  'audit.accept.plan':
    '房间中的锚点不再为丢失的日志作证，而为当前日志作证。仅当您知道二者为何不同时才这样做：此后将无法发现有人删除的行。',
  'audit.accept.done': '审计日志的现状已在房间中锚定。',
  'audit.anchor-removed':
    '有人从本房间移除了审计日志的锚点。现有 {{entries}} 行的末尾是否缺行已无法判断；我会重新写入锚点。',
  'error.summary': '显示一次失败的详情',
  'error.id': '回答中的错误编号',
  'error.field.id': '错误',
  'error.field.at': '时间',
  'error.field.command': '命令',
} as const satisfies Chinese<typeof english>;
