import type { kubernetes as english } from '../en/kubernetes.ts';
import type { Chinese } from '../index.ts';

/** The cluster: why it could not be asked, and what it refused. */
export const kubernetes = {
  E_KUBERNETES_UNREACHABLE: '无法连接位于 {{url}} 的集群：{{reason}}。',
  'E_KUBERNETES_UNREACHABLE.next': '请在服务器上查看：`systemctl status k3s`。',
  E_KUBERNETES_UNAUTHORIZED: '集群不接受 {{source}} 中的身份。',
  'E_KUBERNETES_UNAUTHORIZED.next': '请为机器人生成新的 kubeconfig；其令牌已过期。',
  E_KUBERNETES_FORBIDDEN:
    '{{identity}} 无权对 {{resource}}{{place}} 执行 {{verb}}：缺少相应的规则。',
  'E_KUBERNETES_FORBIDDEN.next':
    '请重新应用 `deploy/rbac`，或在其角色中为 {{resource}}（API 组 “{{group}}”）添加 {{verb}} 权限。',
  E_KUBERNETES_NOT_FOUND: '集群{{place}}中没有 {{what}}。',
  'E_KUBERNETES_NOT_FOUND.next': '用 `!status` 查看现有的内容。',
  E_KUBERNETES_CONFLICT: '{{what}} 未作任何更改：{{reason}}。',
  'E_KUBERNETES_CONFLICT.next': '请重新查看，然后再次执行该命令。',
  E_KUBERNETES_INVALID: '集群拒绝更改 {{what}}：{{reason}}',
  'E_KUBERNETES_INVALID.next': '未作任何更改。原因为集群的原文。',
  E_KUBERNETES_POLICY: '集群的准入策略 “{{policy}}” 不允许这样更改 {{what}}：{{reason}}。',
  'E_KUBERNETES_POLICY.next':
    '未作任何更改。`deploy/rbac` 的策略允许什么，由它的 `values.yaml` 决定；`scale` 由其中的 `scale.components` 和 `scale.most` 决定。',
  E_KUBERNETES_ANSWER: '集群返回错误（{{status}}）：{{reason}}',
  'E_KUBERNETES_ANSWER.next': '请重试；用 `!status` 查看集群的状态。',
  E_KUBERNETES_EXEC_FAILED: '无法在 {{what}} 中启动程序：{{reason}}',
  'E_KUBERNETES_EXEC_FAILED.next': '没有运行任何程序。原因为集群的原文。',
  E_KUBERNETES_EXEC_CUT: '{{what}} 中的程序结束之前，连接中断了。',
  'E_KUBERNETES_EXEC_CUT.next': '其结果未知；它写出的内容不完整。',
  E_KUBERNETES_CONFIG: '无法使用进入集群的途径（{{source}}）：{{reason}}。',
  'E_KUBERNETES_CONFIG.next':
    '请检查配置文件中的 `kubernetes` 一节：`kubeconfig` 指明一个文件，`inCluster: true` 用于在 Pod 中运行的机器人。',
  'settings.reason.namespace': '必须是命名空间的名称，例如 ess',
  'settings.reason.cluster': '需要二者之一：带有文件的 `kubeconfig`，或 `inCluster: true`',
  'kubernetes.refused': '连接被拒绝',
  'kubernetes.unknownHost': '找不到该主机名',
  'kubernetes.tooSlow': '{{limit}} 内没有回应',
  'kubernetes.tooLong': '回应超过 {{limit}}',
  'kubernetes.certificate': '其证书不是由 kubeconfig 中的机构签发的（{{detail}}）',
  'kubernetes.broken': '连接中断（{{detail}}）',
  'kubernetes.silent': '{{limit}} 内没有任何消息',
  'kubernetes.unready': '它仍在启动',
  'kubernetes.notJson': '不是 JSON，因此很可能不是集群',
  'kubernetes.shape': '是 JSON，但格式不符合预期',
  'kubernetes.here': '（命名空间 {{namespace}}）',
  'kubernetes.everywhere': '（整个集群）',
  'kubernetes.somebody': '机器人',
  'kubernetes.owned': '{{field}} 属于 “{{manager}}”',
  'kubernetes.changed': '当时有别人更改了它',
  'kubernetes.no-context': '其中没有包含集群和用户的当前上下文',
  'kubernetes.not-in-cluster': '此进程不在带有服务账号的 Pod 中运行',
  'kubernetes.not-yaml': '它不是 kubeconfig',
} as const satisfies Chinese<typeof english>;
