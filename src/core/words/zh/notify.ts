import type { notify as english } from '../en/notify.ts';
import type { Chinese } from '../index.ts';

/** 不依赖 Matrix 的通知，以及看门狗告警。 */
export const notify = {
  'settings.reason.secure-url': '必须是 https 地址（http 只能用于本机）：否则密钥会以明文经过网络',
  'settings.reason.mail-address': '不是 `anna@example.org` 这样的邮件地址',
  'settings.reason.mail-tls': '`none` 只能用于本机的邮件服务器：请使用 `starttls` 或 `implicit`',
  'settings.reason.mail-login': '`user` 和 `password` 必须同时设置',
  'settings.reason.channel': '必须且只能有 `smtp`、`ntfy`、`gotify`、`telegram`、`webhook` 之一',
  'settings.reason.duplicate-channel': '已有同名渠道：请设置 `name`',

  'notify.title.matrix': 'urtc：{{server}} 不接收消息',
  'notify.title.watchdog': 'urtc：{{server}} 的监控没有声音',
  'notify.title.still': '仍然：{{title}}',
  'notify.title.matrix-over': 'urtc：{{server}} 恢复接收消息',
  'notify.title.watchdog-over': 'urtc：{{server}} 的监控已恢复',
  'notify.matrix': '自 {{since}} 起（{{span}}），主服务器或其中的房间没有接收机器人的任何消息。',
  'notify.waiting_other': '{{count}} 条消息在等待。',
  'notify.firing_other': '{{count}} 条告警触发中：',
  'notify.group': '- {{severity}}：{{name}}（{{alerts}}）',
  'notify.more': '另有 {{count}} 组',
  'notify.hint': '在服务器上：sudo urtc status，sudo urtc alert list',
  'notify.matrix-over': '自 {{since}} 起没有接收消息，持续 {{span}}。',
  'notify.delivered_other': '已送达 {{count}} 条等待的消息。',
  'notify.watchdog': '自 {{seen}} 起，Alertmanager 没有发来看门狗告警。',
  'notify.watchdog-over': 'Alertmanager 于 {{seen}} 再次发来看门狗告警。',

  'watchdog.silent':
    '监控没有声音：自 {{seen}} 起，Alertmanager 没有发来看门狗告警。现在出的故障不会有人告知。',
  'watchdog.silent.next':
    '请检查 Prometheus 和 Alertmanager 是否在运行、能否连到机器人。此后结束的告警可能仍在持续：它们显示为“不再上报”。',
  'watchdog.back': '监控已恢复：看门狗告警在 {{span}} 后再次到来。',

  'notify.test.summary': '通过不依赖 Matrix 的渠道发送测试消息',
  'notify.test.channel': '只用这个渠道；否则用全部渠道',
  'notify.test.plan': '将发送测试消息：{{channels}}',
  'notify.test.title': 'urtc：来自 {{server}} 的测试',
  'notify.test.text': '如果你能看到这条消息，Matrix 不可用时告警也能送达。',
  'notify.test.done_other': '全部 {{count}} 个渠道都已接收测试消息。',
  'notify.test.failed_other': '{{all}} 个渠道中有 {{count}} 个没有接收测试消息。',
  'notify.column.channel': '渠道',
  'notify.column.result': '结果',
  'notify.column.answer': '回答',
  'notify.result.taken': '已接收',
  'notify.result.refused': '未接收',
  'notify.result.unsure': '没有回答',

  E_NOTIFY_OFF: '除 Matrix 外没有其他通知渠道：配置中没有渠道。',
  'E_NOTIFY_OFF.next': '添加 `notify` 一节（docs/alerts.md）并重启机器人。',
  E_CHANNEL_UNKNOWN: '没有渠道“{{channel}}”。',
  'E_CHANNEL_UNKNOWN.next': '现有渠道：{{channels}}。',
} as const satisfies Chinese<typeof english>;
