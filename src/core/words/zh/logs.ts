import type { logs as english } from '../en/logs.ts';
import type { Chinese } from '../index.ts';

/** 组件日志。 */
export const logs = {
  'logs.summary': '显示组件日志的最后几行（隐去密钥）',
  'logs.component': '组件名，见 `!status`',
  'logs.flag.tail': '每个 Pod 的行数（默认 50，最多 10000）',
  'logs.flag.since': '只看此时间以内的：`90s`、`30m`、`2h`、`7d`',
  'logs.flag.grep': '只看含此文本的行（不分大小写），或匹配 `/正则表达式/` 的行',
  'logs.flag.previous': '上次重启之前的那次运行',
  'logs.flag.follow': '持续跟随：在消息列中，最长十分钟或 500 行',
  'logs.flag.container': '指定其他容器',
  'logs.title': '{{pod}} / {{container}}',
  'logs.no-pods': '{{component}} 没有 Pod，因此没有日志。',
  'logs.no-previous': '它没有重启过，因此没有更早的运行。',
  'logs.unreadable': '无法读取日志。{{cause}}',
  'logs.empty': '没有日志。',
  'logs.no-match': '没有含“{{text}}”的行。',
  'logs.cut': '日志太长，只查看了 {{size}}。请用 `--since` 缩小范围。',
  'logs.left-out_other': '此前有 {{count}} 行被略去：一次太多。',
  'logs.followed.time_other': '{{component}}：{{span}} 内 {{count}} 行；已到时限。',
  'logs.followed.lines_other': '{{component}}：{{span}} 内 {{count}} 行；已到行数上限。',
  'logs.followed.containers_other': '{{component}}：{{span}} 内 {{count}} 行；随后容器结束。',
  'logs.grep.syntax': '不是有效的正则表达式',
  'logs.grep.looks': '不支持环视、命名分组和反向引用：它们可能永远匹配不完',
  'logs.grep.big': '过长',
  'duration.reason': '须为 {{least}} 到 {{most}} 的时间，如 `90s`、`30m`、`2h`、`7d`',
  E_CONTAINER_UNKNOWN: '{{component}} 没有容器“{{container}}”。',
  'E_CONTAINER_UNKNOWN.next': '它有：{{containers}}。',
  E_LOGS_BUSY: '已有 {{most}} 个日志在跟随。',
  'E_LOGS_BUSY.next': '先停一个；`!jobs` 列出它们。',
} as const satisfies Chinese<typeof english>;
