import type { healing as english } from '../en/healing.ts';
import type { Chinese } from '../index.ts';

/** 机器人自行执行的重启。 */
export const healing = {
  'healing.pause.summary': '恢复之前，机器人不再自行重启任何组件',
  'healing.resume.summary': '让机器人重新自行重启，包括它已停下等人处理的组件',
  'healing.pause.plan': '从现在起不再自行重启，直到 `!healing resume`。',
  'healing.resume.plan': '从现在起，机器人会自行重启那些重启就能恢复的组件。',
  'healing.pause.done': '自愈已暂停；`!healing resume` 可结束暂停。',
  'healing.resume.done': '自愈已重新启用。',
  E_HEALING_OFF: '自愈未启用。',
  'E_HEALING_OFF.next':
    '请在配置文件中设 `healing.enabled: true`，并运行 `!config reload`（见 docs/kubernetes.md）。',
  'healing.status': '自愈',
  'healing.status.off': '未启用',
  'healing.status.on': '已启用',
  'healing.status.paused': '{{person}} 自 {{at}} 起暂停',
  'healing.status.stopped': '已启用；{{components}} 等待人工处理',
  'healing.does.pod': '{{at}}：自愈正在重启 {{component}} 的 Pod {{pod}}。',
  'healing.does.workload': '{{at}}：自愈正在重启 {{component}}。',
  'healing.did.pod': '{{at}}：自愈已重启 {{component}} 的 Pod {{pod}}。',
  'healing.did.workload': '{{at}}：自愈已重启 {{component}}。',
  'healing.failed.pod': '{{at}}：自愈未能重启 {{component}} 的 Pod {{pod}}（{{code}}）。',
  'healing.failed.workload': '{{at}}：自愈未能重启 {{component}}（{{code}}）。',
  'healing.undone.pod': '{{at}}：自愈正要重启 {{component}} 的 Pod {{pod}}，但未能进行。',
  'healing.undone.workload': '{{at}}：自愈正要重启 {{component}}，但未能进行。',
  'healing.left.protected': '{{component}} 不会自行重启。{{because}}',
  'healing.left.never-worked':
    '{{component}} 不会自行重启：这个 Pod 从未就绪过，新的 Pod 也会一样。',
  'healing.left.budget': '自愈一小时内已对 {{component}} 动作三次，现在等待。',
  'healing.left.repeat': '自愈已在 {{component}} 处停下：重启之后问题依旧。',
  'healing.protected.postgres':
    '崩溃的数据库多半正在恢复，或者没有空间：重启会让恢复从头开始，应先由人查看。',
  'healing.stopped': '自愈已在 {{component}} 处停下：重启之后问题又出现了。需要有人查看。',
  'healing.stopped.next':
    '`!logs {{component}} --previous` 显示上次运行如何结束；`!healing resume` 让自愈继续。',
} as const satisfies Chinese<typeof english>;
