import type { restart as english } from '../en/restart.ts';
import type { Chinese } from '../index.ts';

/** 重启组件。 */
export const restart = {
  'restart.summary': '重启一个组件，或依次重启全部组件',
  'restart.component': '组件名（见 `!status`），或 `all`',
  'restart.plan_other': '将重启发布 {{release}} 的 {{count}} 个组件；前一个就绪后才重启下一个。',
  'restart.column.component': '组件',
  'restart.column.pods': 'Pod',
  'restart.column.meanwhile': '期间影响',
  'restart.column.result': '结果',
  'restart.already': '此前已有问题：{{problem}}',
  'restart.down.postgres': '全部不可用：无法收发消息，无法登录',
  'restart.down.redis': 'Synapse 会重新连接；消息可能延迟',
  'restart.down.synapse': '无法收发消息和同步',
  'restart.down.worker': '该 worker 的工作会延迟',
  'restart.down.sfu': '进行中的通话会中断',
  'restart.down.hookshot': '桥接消息会延迟',
  'restart.down.one': '短暂不可用',
  'restart.down.nothing': '没有中断',
  'restart.progress': '{{component}}：{{wanted}} 个中 {{ready}} 个就绪',
  'restart.done_other': '{{count}} 个组件已重启并就绪（{{component}}）。',
  'restart.failed': '{{component}} 在 {{span}} 内未就绪。',
  'restart.stopped_other': '其后的 {{count}} 个组件未动。',
  'restart.unseen': '集群没有关于它的任何消息。',
  'restart.gone': '它已不存在。',
  'restart.next': '`!logs {{component}} --previous` 显示它上次运行如何结束。',
  'restart.result.ready': '{{span}} 后就绪',
  'restart.result.not-ready': '未就绪',
  'restart.result.skipped': '未重启',
  'restart.was-bad': '{{component}} 此前就有问题：{{problem}}',
} as const satisfies Chinese<typeof english>;
