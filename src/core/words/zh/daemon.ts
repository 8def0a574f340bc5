import type { daemon as english } from '../en/daemon.ts';
import type { Chinese } from '../index.ts';

/** The config file and the running bot. */
export const daemon = {
  'settings.place': '{{path}}（第 {{line}} 行）',
  'settings.type.object': '一组设置',
  'settings.type.array': '一个列表',
  'settings.type.number': '一个整数',
  'settings.type.string': '一段文本',
  'settings.reason.unknown': '没有这个设置；您是否想写 “{{nearest}}”？',
  'settings.reason.missing': '缺少此项',
  'settings.reason.type': '必须是{{expected}}',
  'settings.reason.choice': '必须是以下之一：{{values}}',
  'settings.reason.at-least': '不得小于 {{limit}}',
  'settings.reason.at-most': '不得大于 {{limit}}',
  'settings.reason.form': '格式不正确',
  'settings.reason.url': '必须是普通的 URL，例如 http://127.0.0.1:8008',
  'settings.reason.user-id': '必须是完整的用户 ID，例如 @anna:example.org',
  'settings.reason.room-id': '必须是房间 ID，例如 !abc:example.org',
  'settings.reason.admin-room': '必须是 “create” 或房间 ID，例如 !abc:example.org',
  'settings.reason.secret':
    '机密只能放在文件或环境变量中，不能写在这里：请写 { file: 路径 } 或 { env: 名称 }',
  'settings.reason.duplicate-person': '此人在列表中出现了两次',
  'settings.reason.command': '没有这个命令；您是否想写 “{{nearest}}”？',
  'settings.reason.group': '本机没有这个用户组',
  'settings.reason.socket-path': '路径太长，不能用作套接字（最多 {{limit}} 字节）',
  'settings.reason.syntax': '第 {{line}} 行：{{message}}',
  'settings.reason.no-file': '它不是文件',
  'settings.reason.too-large': '太大，不可能是机密',
  'settings.reason.not-set': '未设置',
  'settings.reason.empty': '内容为空',
  'settings.reason.several-lines': '必须是不含空格的单行',
  'settings.reason.key': '必须是 32 个随机字节的 base64（`openssl rand -base64 32`）',
  E_CONFIG_UNREADABLE: '无法读取配置文件 {{file}}：{{reason}}。',
  'E_CONFIG_UNREADABLE.next': '请检查它是否为文件，以及机器人的用户是否有权读取。',
} as const satisfies Chinese<typeof english>;
