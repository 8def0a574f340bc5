import type { bundle as english } from '../en/bundle.ts';
import type { Chinese } from '../index.ts';

/** 支持包。 */
export const bundle = {
  'bundle.summary': '把求助所需的一切收集成一个文件（隐去密钥）',
  'bundle.to':
    '`room`：作为加密文件发到这里；`server`：写入数据目录。不写时：加密房间里发到房间，否则写到服务器',
  'bundle.since': '日志只取此时间以内的，如 `2h`；不写时取每个日志的最后 3000 行',
  'bundle.progress': '{{part}}（{{of}} 项中第 {{nth}} 项）',
  'bundle.part.report': '`{{command}}` 的回答',
  'bundle.part.bot': '机器人的设置和日志',
  'bundle.part.objects': '集群对象',
  'bundle.part.logs': '组件日志',
  'bundle.done_other': '支持包已生成：{{count}} 个文件，没有缺失。',
  'bundle.partial_other': '支持包已生成；缺少 {{count}} 项。',
  'bundle.instead.plain':
    '它在服务器上，没有发到这里：此房间未加密，能读取主服务器媒体的人都能读到它。',
  'bundle.instead.terminal': '它在服务器上：终端不是房间。',
  'bundle.path': '文件',
  'bundle.bytes': '大小',
  'bundle.sha256': 'SHA-256',
  'bundle.files': '包内文件数',
  'bundle.masked': '隐去的密钥数',
  'bundle.no-cluster': '配置中没有集群，因此只包含机器人的信息。',
  'bundle.column.what': '缺少',
  'bundle.column.why': '原因',
  'bundle.more_other': '另有 {{count}} 项见其中的 `manifest.json`。',
  'bundle.private':
    '其中有人名、地址和各程序的日志：只交给你信任的人。交出前请先查看内容：看上去不像机密的机密无法识别。',
  'bundle.kept': '只有 root 和机器人能读取。保留最新的 {{count}} 个，每个 {{days}} 天。',
  'bundle.why.slow': '超过了 {{limit}}。',
  'bundle.why.full': '支持包会过大（解包后 {{size}}）。',
  'bundle.why.long': '它本身过大（{{size}}）。',
  'bundle.why.many': '一个支持包最多 {{most}} 个文件。',
  'bundle.why.logs_other': '另有 {{count}} 个日志：过多。',
  'bundle.why.no-bot':
    '此进程中没有运行机器人。如果由 systemd 启动，请用 `journalctl --unit=urtc`。',
  'bundle.why.unknown': '对集群还一无所知。',
  'bundle.why.defect': '失败了；`!error {{id}}` 显示经过。',
  'bundle.note.log_other': '只有最后 {{count}} 行；还有更多',
  'bundle.note.objects_other': '另有 {{count}} 个对象略去：过大',
  'bundle.note.known': '机器人最后知道的情况（{{at}}）',
  'bundle.no-space': '磁盘已满',
  E_BUNDLE_BUSY: '已在生成一个支持包。',
  'E_BUNDLE_BUSY.next': '请等它完成；`!jobs` 显示进度。',
  E_BUNDLE_NO_ROOM: '数据目录所在的磁盘只剩 {{free}}：不够写支持包。',
  'E_BUNDLE_NO_ROOM.next': '请腾出空间，或在加密房间里用 `!bundle --to=room`：那样不写文件。',
  E_BUNDLE_UNWRITABLE: '支持包无法写入 {{path}}：{{reason}}。',
  'E_BUNDLE_UNWRITABLE.next': '该目录必须属于运行机器人的用户。',
} as const satisfies Chinese<typeof english>;
