import type { alertRooms as english } from '../en/alert-rooms.ts';
import type { Chinese } from '../index.ts';

/** 告警与房间：发到哪里、稍后再说的告警，以及在房间里设置的静默。 */
export const alertRooms = {
  'settings.reason.time-zone': '这不是时区名称，例如 `Europe/Berlin`',
  'settings.reason.quiet-hours': '必须与 `from` 不同',
  'settings.reason.alert-route': '`alerts.rooms` 下没有这个名称的房间',
  'settings.reason.alert-room-twice': '这个房间已有用途',

  'chat.followed-alerts': '我已跟随本房间的升级；今后告警发到这里。',
  'room.alerts.name': '告警：{{name}}',
  'room.alerts.topic': '主服务器的告警。',
  'room.alerts.closed': '我无法进入告警房间“{{name}}”：属于那里的告警改发到这里。',
  'room.alerts.closed.next': '请邀请我进入该房间，或修改配置文件中的 `alerts.rooms`。',

  'alert.message.strayed': '它属于房间“{{name}}”，但我无法进入。',
  'alert.message.moved': '↪ 后续见较新的消息。',

  'alert.digest.ended_other': '{{count}} 条告警已结束。',
  'alert.held.title_other': '{{count}} 组告警现在才通知；{{still}}',
  'alert.held.still_other': '其中 {{count}} 组仍在触发',
  'alert.held.over': '✅ {{severity}} {{name}}：{{since}} 触发，{{until}} 结束',
  'alert.held.more': '另有 {{count}} 组：`!alert list --all`',

  'alert.flag.severity': '告警的严重程度',
  'alert.field.test': '测试',
  'alert.field.way': '路径',
  'alert.test.summary': '发送一条测试告警，走完告警的全部路径',
  'alert.test.plan': '将发送一条测试告警。它带有测试标记，并会自行结束。',
  'alert.test.way.alertmanager': '发给 Alertmanager，由它转发给机器人',
  'alert.test.way.intake': '发到机器人自己的端口，使用发送方的令牌',
  'alert.test.waiting': '告警已发出，正在等待它到达',
  'alert.test.done': '测试告警在 {{after}} 后到达。房间现在会收到通知。',
  'alert.test.done-quiet':
    '测试告警在 {{after}} 后到达。现在是静音时段：房间将在 {{to}}（{{zone}}）收到通知。',
  'alert.test.done-quiet.next': '`!alert test --severity=critical` 随时都会响铃。',
  'alert.test.text': '{{person}} 发起的告警路径测试，会自行结束。',

  'alert.show.silenced_other':
    '🔇 {{count}} 条告警已被 {{person}} 静默，截止 {{until}}：{{reason}}（`{{silence}}`）',
  'alert.show.unasked': '无法得知它是否被静默。{{problem}}',

  'silence.show.summary': '显示一个静默，包括已结束的',
  'silence.field.from': '开始',
  'silence.field.covers': '当前覆盖',
  'silence.prompt': '🔇 {{person}}，{{name}} 要静默多久，原因是什么？',
  'silence.prompt.hint':
    '请在 {{until}} 之前回复本消息，写明时长和原因，例如 `2h new disk is on its way`。',
  'silence.reaction.reason': '房间里的 🔇',
  'silence.ends_other': '🔔 一个静默将于 {{until}} 结束；它覆盖 {{count}} 条触发中的告警',
  'silence.ends.hint': '`!silence extend {{silence}} 2h`',

  E_SILENCE_ELSEWHERE: 'Alertmanager 不认识“{{target}}”：它由其他程序发送。',
  'E_SILENCE_ELSEWHERE.next': '请在来源处静默，或用 `!alert ack {{target}}` 表示正在处理。',
  E_ALERT_TEST_SILENCED:
    'Alertmanager 已收到测试告警 {{test}}，但它被静默覆盖：{{silence}}，由 {{person}} 创建，截止 {{until}}。',
  'E_ALERT_TEST_SILENCED.next': '用 `!silence expire {{silence}}` 结束它，或等待它结束。',
  E_ALERT_TEST_LOST: '测试告警 {{test}} 已被接收，但在 {{within}} 内没有到达机器人。',
  'E_ALERT_TEST_LOST.next':
    '请检查 Alertmanager 的路由和接收器（`amtool config routes test alertname=UrtcTest`）及其日志。',
} as const satisfies Chinese<typeof english>;
