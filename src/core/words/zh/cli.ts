import type { cli as english } from '../en/cli.ts';
import type { Chinese } from '../index.ts';

/** The terminal: `urtc …`. */
export const cli = {
  'cli.working': '正在处理任务 {{job}} …',
  'cli.question': '输入 {{code}}（或 y）继续，输入其他内容则放弃：',
  'cli.left': '未执行任何操作。',
  'cli.cancelling': '正在取消 …（再按一次 Ctrl-C 离开；任务会自行继续）',
  'cli.goes-on': '任务 {{job}} 会在没有此终端的情况下继续；用 `urtc jobs` 查看结果。',
  'cli.waiting-for-lock': '等待中：进程 {{pid}} 正在使用 {{folder}} …',
  'cli.config-right': '{{file}} 没有问题。',
  'cli.config-wrong_other': '{{file}} 有 {{count}} 处错误。',
  'cli.config-not-read': '未读取机密：当前用户无权读取。用 sudo 运行即可一并检查。',
  'cli.config-people': '人员',
  'cli.config-homeserver': '主服务器',
  'cli.config-data': '数据',
  'cli.saved-file': '已保存 {{name}}。',
  'cli.option-usage': 'urtc [--config FILE] [--lang en|zh] [--json] [--yes] [--no-color] COMMAND …',
  E_TERMINAL_FORBIDDEN: '您无权在本机终端上指挥机器人。',
  'E_TERMINAL_FORBIDDEN.next': '请用 `sudo` 运行，或让您的用户加入 `terminal.groups` 所列的组。',
  E_TERMINAL_NO_BOT: '机器人没有运行；只有 root 或机器人的用户可以在没有它时操作。',
  'E_TERMINAL_NO_BOT.next': '请启动机器人，或用 `sudo` 运行该命令。',
  E_TERMINAL_LOST: '机器人在回答之前断开了。',
  'E_TERMINAL_LOST.next': '重新执行之前，请先用 `urtc jobs` 查看该命令的结果。',
  E_TERMINAL_PROTOCOL: '正在运行的机器人与此 `urtc` 互不兼容。',
  'E_TERMINAL_PROTOCOL.next': '两者版本不同：请重启机器人。',
  E_TERMINAL_BUSY: '连接到机器人的终端太多。',
  'E_TERMINAL_BUSY.next': '请关闭一些终端后重试。',
} as const satisfies Chinese<typeof english>;
