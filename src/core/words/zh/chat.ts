import type { Chinese } from '../index.ts';
import type { chat as english } from '../en/chat.ts';

/** 机器人在房间中主动说的话。 */
export const chat = {
  'chat.gap.cut':
    '我不在时消息很多。我读取了最新的 {{read}} 条事件；{{from}} 到 {{until}} 之间发送的内容没有读取。如果其中有命令，请重新发送。',
  'chat.gap.earlier': '更早的时间',
  'chat.gap.rewound':
    '主服务器回到了过去的状态（是否恢复了备份？）。我查找了尚未读取的内容，找到 {{read}} 条事件；以前执行过的不会再次执行。',
  'chat.unsendable': '对此的回答无法发送：{{reason}}。',
  'chat.readers': '本房间的以下成员不在人员名单中，但可以看到这里的所有内容：{{users}}。',
  'chat.readers.sealed':
    '本房间的以下成员不在人员名单中，但可以看到大家在这里写的内容：{{users}}。我写的内容不会加密给他们。',
  'chat.readers.invited': '目前只是受邀、加入之后才能看到的成员：{{users}}。',
  'chat.readers.next': '请移除他们，或在配置文件的 `people` 中添加他们。',
  'chat.followed': '我已跟随管理房间的升级；今后在这里读取命令。',
  'chat.locked.no-key':
    '我无法读取这条消息：没有收到它的密钥。密钥到达后我会照做；如果一直没有反应，请重新发送。',
  'chat.locked.withheld':
    '我无法读取这条消息：你的客户端没有把密钥发给我。请用已验证的设备重新发送。',
  'chat.locked.unknown-device':
    '我还无法读取这条消息：我不认识发送它的设备。请在客户端中验证该设备，然后重新发送。',
  'chat.in-clear':
    '在这个加密房间里，有人以 {{user}} 的名义发送了未加密的内容。我没有理会：主服务器上的任何人都可能写出它。',
  'chat.rejected.unsigned-device':
    '我没有理会 {{user}} 的一条消息：它来自未经验证的设备。请在客户端中验证该设备后重新发送。如果你没有发送过，说明有人用你的帐户登录了。',
  'chat.rejected.changed-identity':
    '我没有理会 {{user}} 的一条消息：该帐户换了新的加密身份。如果是有意重置，请由服务器上的 root 运行 `sudo urtc bot approve {{user}}` 予以批准。',
  'chat.rejected.other-sender':
    '我没有理会一条以 {{user}} 名义发送的消息：它是由别人加密的。请检查谁能接触主服务器的数据库。',
  'chat.rejected.damaged': '我没有理会一条以 {{user}} 名义发送的消息：它已损坏或是伪造的。',
  'chat.identity.new':
    '{{user}} 有了新的加密身份。在服务器上的 root 用 `sudo urtc bot approve {{user}}` 批准之前，它在这里无效，{{user}} 的待确认问题也已撤回。如果不是本人有意重置，就是有人在冒充 {{user}}。',
  'chat.identity.approved':
    '{{user}} 的新身份已在服务器上获得批准；{{user}} 重新拥有{{role}}角色。',
  'chat.unreadable':
    '以下人员看不到我在这里写的内容，因为他们没有已验证的设备，或换了未经批准的新身份：{{users}}。',
  'chat.unreadable.next':
    '请他们在客户端中设置交叉签名（“安全备份”）；新身份由服务器上的 `sudo urtc bot approve USER` 批准。',
  'chat.direct.no-commands': '我在这里不接受命令。请在管理房间 {{room}} 中发送命令。',
  'chat.direct.secret': '由 `{{line}}` 生成，仅供你本人使用：',
  'chat.direct.coming':
    '我也会在我们的私聊中把它发给你，只有你已验证的设备能读取。一旦送达，此代码便不再有效。',
  'chat.direct.coming-if-verified':
    '如果你有已验证的设备，我也会在我们的私聊中把它发给你。一旦送达，此代码便不再有效。',
  'room.admin.name': '主服务器管理',
  'room.admin.topic': '主服务器命令房间。`!help` 列出全部命令。',
} as const satisfies Chinese<typeof english>;
