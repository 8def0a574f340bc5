import type { stack as english } from '../en/stack.ts';
import type { Chinese } from '../index.ts';

/** 部署的组件及其问题。 */
export const stack = {
  E_KUBERNETES_NOT_CONFIGURED: 'urtc 不知道主服务器运行在哪个集群中。',
  'E_KUBERNETES_NOT_CONFIGURED.next':
    '请在配置文件中加入 `kubernetes` 部分（见 docs/kubernetes.md），然后重启机器人。',
  E_COMPONENT_UNKNOWN: '没有 “{{component}}” 这个组件。',
  'E_COMPONENT_UNKNOWN.next': '{{suggestion}}现有组件：{{components}}，以及{{workers}}。',
  E_COMPONENT_NOT_INSTALLED: '版本部署 {{release}} 中没有安装 {{component}}。',
  'E_COMPONENT_NOT_INSTALLED.next': '`!status` 列出已安装的组件；可在 chart 的 values 中启用。',
  E_RELEASE_EMPTY: '版本部署 {{release}} 在命名空间 {{namespace}} 中没有运行任何组件。',
  'E_RELEASE_EMPTY.next':
    '请检查配置文件中的 `kubernetes.release` 和 `kubernetes.namespace`；`helm list -A` 会显示二者。',
  'component.workers': '按类型命名的 Synapse worker',
  'component.workers.installed': ' Synapse 的 worker：{{names}}',
  'component.nearest': '您是不是想输入 `{{nearest}}`？',
  'component.single.synapse':
    'Synapse 主进程只能有一个：两个会互相覆盖数据。需要更高性能请使用 worker。',
  'component.single.postgres':
    'chart 自带的 PostgreSQL 是单个卷上的单个服务器；第二个 Pod 会是另一个空数据库。',
  'component.single.redis':
    'Synapse 的所有进程必须使用同一个缓存；有两个时它们会收不到彼此的消息。',
  'component.single.sfu': '一次通话存在于一个 SFU 的内存中，而且它在节点上的端口只能占用一次。',
  'component.single.rtc-auth': '从 chart 26.9.0 起，通话授权服务只能有一个。',
  'component.single.hookshot': 'Hookshot 的状态保存在一个卷上，只能有一个。',
  'component.single.worker': 'Synapse 只允许这种类型的 worker 有一个进程。',
  'stack.level.broken': '故障',
  'stack.level.warning': '需要注意',
  'stack.level.starting': '正在启动',
  'stack.level.fine': '正常',
  'stack.subject.pod': 'Pod {{name}}',
  'stack.subject.node': '节点 {{name}}',
  'stack.subject.claim': '卷 {{name}}',
  'stack.subject.certificate': '证书 {{name}}',
  'stack.subject.release': '本部署',
  'stack.judged': '{{subject}}：{{problem}}',
  'stack.unknown-time': '未知时间',
  'stack.no-reason': '未说明原因',
  'stack.no-limit': '没有自己的限制',
  'stack.end.code': '退出码 {{code}} {{reason}}',
  'stack.end.killed': '被终止，退出码 {{code}} {{reason}}',
  'problem.crash-loop_other':
    '{{pod}} 中的 {{container}} 一启动就退出（{{end}}）；已重启 {{count}} 次。',
  'problem.restarted_other':
    '{{pod}} 中的 {{container}} 在 {{ago}} 前退出（{{end}}）并被重启；至今 {{count}} 次。',
  'problem.out-of-memory':
    '{{pod}} 中的 {{container}} 因内存使用过多被终止（限制：{{limit}}），现已停止。',
  'problem.out-of-memory.running':
    '{{pod}} 中的 {{container}} 在 {{ago}} 前因内存使用过多被终止（限制：{{limit}}）；现已重新运行。',
  'problem.image-pull': '无法获取 {{pod}} 的镜像 {{image}}：{{message}}',
  'problem.config': '无法创建 {{pod}} 中的 {{container}}：{{message}}',
  'problem.unschedulable': '{{ago}} 以来没有节点接受 {{pod}}：{{message}}',
  'problem.waits-at-start': '{{pod}} 已在启动前的步骤 {{container}} 中等待 {{ago}}。',
  'problem.not-ready': '{{pod}} 中的 {{container}} 已有 {{ago}} 未就绪。',
  'problem.evicted': '{{pod}} 被节点驱逐：{{message}}',
  'problem.stuck-ending': '{{pod}} 在 {{ago}} 前被要求结束，但仍然存在。',
  'problem.not-running': '{{pod}} 已有 {{ago}} 未运行（{{state}}）。',
  'problem.rollout-stuck': '新版本已有 {{ago}} 无法启动：{{message}}',
  'problem.no-pods': '已有 {{ago}} 无法创建 Pod：{{message}}',
  'problem.too-few': '{{wanted}} 个中有 {{ready}} 个就绪。',
  'problem.switched-off': '已关闭（期望数量为 0）。',
  'problem.too-many': '期望数量为 {{wanted}}。{{why}}',
  'problem.node-down': '已有 {{ago}} 未就绪：{{message}}',
  'problem.node-pressure.memory': '内存即将用尽：{{message}}',
  'problem.node-pressure.disk': '磁盘即将用尽：{{message}}',
  'problem.node-pressure.processes': '进程号即将用尽：{{message}}',
  'problem.node-pressure.network': '没有网络：{{message}}',
  'problem.node-closed': '不接受新的 Pod（cordon）。',
  'problem.claim-pending': '已等待磁盘空间 {{ago}}。',
  'problem.claim-lost': '已失去其磁盘空间。',
  'problem.certificate-expired': '已于 {{at}} 过期。',
  'problem.certificate-expiring': '将在 {{left}} 后到期，但尚未续期。',
  'problem.certificate-not-ready': '已有 {{ago}} 未就绪：{{message}}',
  'problem.not-visible': '有内容无法查看。{{cause}}',
  'problem.unread': '尚未全部读取。',
  'problem.unreachable': '集群没有响应；显示的是最后已知的状态。',
  'problem.no-release':
    '其命名空间中没有任何内容。请检查配置文件中的 `kubernetes.release` 和 `kubernetes.namespace`。',
} as const satisfies Chinese<typeof english>;
