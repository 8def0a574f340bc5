import type { scale as english } from '../en/scale.ts';
import type { Chinese } from '../index.ts';

/** 组件的 Pod 数量。 */
export const scale = {
  'scale.summary': '临时增减组件的 Pod 数量',
  'scale.component': '组件名，见 `!status`',
  'scale.replicas': 'Pod 数量，0 到 10',
  'scale.flag.for': '多久（默认 2h），如 `30m`、`8h`、`2d`；之后交还',
  'scale.flag.lasting': '长期；须通过 chart 的 values',
  'scale.plan':
    '{{component}} 的 Pod 从 {{from}} 个变为 {{to}} 个，持续 {{span}}，之后恢复为 {{original}} 个。',
  'scale.plan.back': '{{component}} 的 Pod 现在从 {{from}} 个恢复为 {{to}} 个。',
  'scale.helm': '交还之前，`helm upgrade` 会因 Pod 数量冲突而停止。给出原来的数量即可提前交还。',
  'scale.down.haproxy': '无法连接 Synapse：无法收发消息和同步',
  'scale.down.mas': '无法登录',
  'scale.down.rtc-auth': '无法发起新的通话',
  'scale.down.worker': '该 worker 的工作不会进行',
  'scale.down.other': '不可用',
  'scale.done_other': '{{component}} 现有 {{count}} 个 Pod。',
  'scale.not-ready_other': '{{component}} 应有 {{count}} 个 Pod，尚未全部就绪。',
  'scale.until': '它将于 {{until}} 恢复为 {{original}} 个。',
  'scale.is-back': '该数量重新由 chart 决定。',
  'scale.handed-back': '{{component}} 已恢复为 {{original}} 个 Pod；时限已到。',
  'scale.hand-back-failed': '{{component}} 未能交还。{{cause}}将再次尝试。',
  E_SCALE_SINGLE: '{{component}} 不能改变数量。{{why}}',
  'E_SCALE_SINGLE.next': '`!perf` 显示它的用量；更多内存或 CPU 请改 values。',
  E_SCALE_LASTING: '长期的数量应写进 chart 的 values。',
  'E_SCALE_LASTING.next':
    '在 values 中设 `{{values}}.replicas: {{wanted}}` 并运行 `helm upgrade`；若只是临时，去掉 `--lasting`。',
} as const satisfies Chinese<typeof english>;
