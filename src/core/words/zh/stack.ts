import type { stack as english } from '../en/stack.ts';
import type { Chinese } from '../index.ts';

/** 部署的组件及其问题。 */
export const stack = {
  E_KUBERNETES_NOT_CONFIGURED: 'urtc 不知道服务器运行在哪个集群中。',
  'E_KUBERNETES_NOT_CONFIGURED.next':
    '请在配置文件中加入 `kubernetes` 部分（见 docs/kubernetes.md），然后重启机器人。',
  E_COMPONENT_UNKNOWN: '没有 “{{component}}” 这个组件。',
  'E_COMPONENT_UNKNOWN.next':
    '{{suggestion}}现有组件：{{components}}，以及按类型命名的 Synapse worker。',
  E_COMPONENT_NOT_INSTALLED: '版本部署 {{release}} 中没有安装 {{component}}。',
  'E_COMPONENT_NOT_INSTALLED.next': '`!status` 列出已安装的组件；可在 chart 的 values 中启用。',
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
} as const satisfies Chinese<typeof english>;
