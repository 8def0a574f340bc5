import type { config as english } from '../en/config.ts';
import type { Chinese } from '../index.ts';

/** 配置文件与密封的密钥。 */
export const config = {
  'config.show.summary': '显示配置（不含密钥）',
  'config.reload.summary': '重新读取配置文件',
  'config.reload.plan': '将重新读取配置文件。',
  'config.foreign': '它位于当前文件夹，但属于其他用户',
  'config.others-may-write': '本机的任何用户都可以写入',
  E_CONFIG_UNTRUSTED: '未使用配置文件 {{file}}：{{reason}}。',
  'E_CONFIG_UNTRUSTED.next': '请查看其内容，因为它可能是他人写入的。{{advice}}',
  'config.foreign.next': '如果仍要使用它，请指定它：`{{option}}`。',
  'config.others-may-write.next': '然后运行 `{{command}}`。',
  'config.changed': '现已生效',
  'config.needs-restart': '重启后生效',
  'config.same': '已重新读取配置；没有变化。',
  'config.warned': '{{file}} 没有错误，但请注意：',
  'config.offline': '未询问主服务器（`--offline`）。',
  'config.data-missing': '数据文件夹 {{folder}} 尚不存在：机器人启动时会创建它。',
  'config.not-asked':
    '无法询问 {{url}} 处的主服务器：{{reason}}。未检查它是否接受令牌、是否有这些人员的账号。',
  'config.not-asked.next': '请启动主服务器，或检查 `homeserver.url` 和 `admin.url`。',
  'config.only-readers':
    '`people` 下的人都是 viewer：房间里没有人可以执行 operator 和 admin 的操作，只有服务器上的 root 可以。',
  'config.only-readers.next': '请至少给一个人 admin 角色。',
  'config.no-account': '{{user}} 在此主服务器上没有账号：任何注册该名称的人都会得到角色{{role}}。',
  'config.no-account.next':
    '请创建该账号（`urtc user add {{name}}`），或将此人从 `people` 中移除。',
  'config.healing-no-cluster':
    '自愈已开启（`healing.enabled`），但没有 `kubernetes` 一节，因此它不会执行任何操作。',
  'config.healing-no-cluster.next':
    '请添加 `kubernetes` 一节（docs/kubernetes.md），或移除 `healing.enabled`。',
  'config.storage-missing':
    '本机没有文件夹 {{path}}（`kubernetes.storagePath`），因此测得的空间不是卷所在的空间。',
  'config.storage-missing.next':
    '请填写本机上卷所在的文件夹，或移除 `kubernetes.storagePath`：届时会自动查找。',
  'config.no-bot':
    '机器人没有运行，因此无需通知。已读取 {{file}}，没有错误；机器人下次启动时会使用它。',
  'config.reloaded': '已重新读取配置。',
  'config.reloaded-partly': '已重新读取配置；部分设置需要重启机器人。',
  'secret.show.summary': '显示一次密封的密钥',
  'secret.code': '生成密钥的回答中的代码',
  'secret.once': '仅显示这一次；该代码已失效。',
} as const satisfies Chinese<typeof english>;
