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
  'E_CONFIG_UNTRUSTED.next':
    '请查看其内容，然后取消该权限（`chmod o-w`），或用 `--config` 指定它。',
  'config.changed': '现已生效',
  'config.needs-restart': '重启后生效',
  'config.same': '已重新读取配置；没有变化。',
  'config.reloaded': '已重新读取配置。',
  'config.reloaded-partly': '已重新读取配置；部分设置需要重启机器人。',
  'secret.show.summary': '显示一次密封的密钥',
  'secret.code': '生成密钥的回答中的代码',
  'secret.once': '仅显示这一次；该代码已失效。',
} as const satisfies Chinese<typeof english>;
