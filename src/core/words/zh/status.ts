import type { status as english } from '../en/status.ts';
import type { Chinese } from '../index.ts';

/** `status` 显示的内容。 */
export const status = {
  'status.summary': '显示机器人和主服务器的状态',
  'status.fine': '一切正常。',
  'status.trouble': '有情况需要注意。',
  'status.unreachable': '{{url}} 处的主服务器没有响应。',
  'status.no-bot': '机器人没有运行；请启动它，例如用 `sudo systemctl start urtc-bot`。',
  'status.admin': '无法管理账号：{{cause}}{{next}}',
  'status.audit': '审计日志不可信：{{cause}}{{next}}',
  'status.old-sync': '上次同步时间过久：房间中的命令可能会延迟。',
  'status.not-writable': '磁盘已满，因此拒绝更改。',
  'status.version': '版本',
  'status.uptime': '已运行',
  'status.sync-age': '距上次同步',
  'status.jobs': '未结束的任务',
  'status.inbox': '待处理的命令',
  'status.outbox': '待发送的消息',
  'status.outbox-age': '其中最早的',
  'status.homeserver': '主服务器',
  'status.reachable': '是否响应',
  'status.homeserver-version': '主服务器版本',
  'status.admin-accepted': '接受管理员凭据',
  'status.not-known': '未知',
  'status.store': '数据',
  'status.free': '磁盘可用空间',
  'status.writable': '是否接受更改',
  'status.recovery-key':
    '恢复密钥自 {{since}} 起等待查看：在服务器上运行 `sudo urtc bot recovery-key` 会显示一次。',
} as const satisfies Chinese<typeof english>;
