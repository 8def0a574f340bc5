import type { Chinese } from '../index.ts';
import type { chat as english } from '../en/chat.ts';

/** 机器人在房间中主动说的话。 */
export const chat = {
  'chat.gap.cut':
    '我不在时消息很多。我读取了最新的 {{read}} 条事件；{{from}} 到 {{until}} 之间发送的内容没有读取。如果其中有命令，请重新发送。',
  'chat.gap.earlier': '更早的时间',
  'chat.gap.rewound':
    '服务器回到了过去的状态（是否恢复了备份？）。我查找了尚未读取的内容，找到 {{read}} 条事件；以前执行过的不会再次执行。',
  'chat.unsendable': '对此的回答无法发送：{{reason}}。',
  'chat.readers': '本房间的以下成员不在人员名单中，但可以看到这里的所有内容：{{users}}。',
  'chat.readers.next': '请移除他们，或在配置文件的 `people` 中添加他们。',
  'chat.followed': '我已跟随管理房间的升级；今后在这里读取命令。',
  'room.admin.name': '服务器管理',
  'room.admin.topic': '服务器命令房间。`!help` 列出全部命令。',
} as const satisfies Chinese<typeof english>;
