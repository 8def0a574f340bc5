import type { identity as english } from '../en/identity.ts';
import type { Chinese } from '../index.ts';

/** The bot's identity in encrypted rooms, that of people, recovery and verification. */
export const identity = {
  'bot.identity.summary': '显示机器人在加密房间中的身份：设备、指纹、密钥备份',
  'bot.people.summary': '显示机器人认识哪些人的身份',
  'bot.approve.summary': '接受某人的新身份（会先询问）',
  'bot.verify.summary': '与正在验证机器人的人比对表情符号（会先询问）',
  'bot.recovery-key.summary': '显示机器人身份的恢复密钥（仅一次）',
  'bot.recovery-key.replace.summary': '更换机器人身份的恢复密钥（会先询问）',
  'bot.recovery-key.replace.none': '这台服务器上没有生成过恢复密钥。',
  'bot.recovery-key.replace.unseen': '现有的恢复密钥还没有人看过。',
  'bot.recovery-key.replace.shown': '现有的恢复密钥已于 {{at}} 显示。',
  'bot.recovery-key.replace.plan':
    '它将被新的密钥取代：账号的秘密重新加密，并开始新的密钥备份，现有的密钥将无法再打开任何内容。身份和设备不变。',
  'bot.recovery-key.replace.done': '已有新的恢复密钥；旧密钥无法再打开任何内容。',
  'bot.recovery-key.replace.next': '`sudo urtc bot recovery-key` 会显示一次。',
  'bot.user': '用户',
  'bot.device': '设备',
  'bot.fingerprint': '设备指纹',
  'bot.signed': '已由其身份签名',
  'bot.identity-key': '身份密钥',
  'bot.backup': '密钥备份',
  'bot.backup.version': '版本 {{version}}',
  'bot.backup.none': '无',
  'bot.backup.foreign': '版本 {{version}} 属于他人；没有备份任何内容',
  'bot.backed-up': '已备份的密钥',
  'bot.backed-up.of': '{{backedUp}} / {{total}}',
  'bot.recovery-key': '恢复密钥',
  'bot.recovery-key.none': '不是在这台服务器上生成的',
  'bot.recovery-key.unready': '正在设置',
  'bot.recovery-key.waiting': '自 {{since}} 起等待查看：`sudo urtc bot recovery-key` 会显示一次',
  'bot.recovery-key.shown': '已于 {{at}} 显示',
  'bot.unknown-now': '在机器人连上主服务器之前未知',
  'bot.no-keys':
    '这个机器人在此处还没有密钥：首次连上主服务器时会生成。如果它的身份原在另一台服务器上，请用 `sudo urtc bot recover` 取回。',
  'bot.keys-lost':
    '这台服务器上的机器人密钥（`device.sqlite`）已丢失或损坏，因此它拒绝启动。请重新登录机器人以得到新设备，把其令牌写入 `bot.accessToken` 所指的文件，然后用恢复密钥运行 `sudo urtc bot recover`。',
  'bot.people.none': '机器人还没有在加密房间里遇到过任何人。',
  'bot.people.user': '用户',
  'bot.people.key': '身份密钥',
  'bot.people.since': '认识自',
  'bot.people.claimed': '等待批准的新密钥',
  'bot.people.next':
    '新身份意味着此人重置了身份，或者有人冒充此人。请向本人核实、比对密钥，然后运行 `sudo urtc bot approve USER`。',
  'bot.argument.user': '此人：`alice` 或 `@alice:server`',
  'bot.approve.plan': '从现在起，拥有新身份者即为 {{user}}。在此之前，来自该身份的命令都被拒绝。',
  'bot.approve.old': '此前认识的',
  'bot.approve.new': '新的',
  'bot.approve.when': '首次出现',
  'bot.approve.done': '{{user}} 从现在起使用新身份。',
  'bot.recovery-key.label': '恢复密钥',
  'bot.recovery-key.keep':
    '请把它保存在这台服务器之外：写在纸上或存入密码管理器。有了它，新服务器可以取回机器人的身份（`sudo urtc bot recover`）。它只显示这一次，此后不再保存在这里。',
  'bot.recovery-key.notice':
    '我已为加密房间建立了身份。其恢复密钥在服务器上等待查看：请在那里运行 `sudo urtc bot recovery-key`，只显示一次。同时丢失服务器和密钥，身份就无法找回。',
  'bot.verify.waiting':
    '正在等待以下人员之一开始：{{people}}。在 Element 中：打开与 {{bot}} 的聊天，点击 {{bot}} 的名字，选择“验证”，再选择“开始验证”和“使用表情符号验证”。',
  'bot.verify.preview':
    '机器人会等待以下人员之一在客户端中开始验证 {{bot}}：{{people}}。然后会在这里显示表情符号，并询问是否相同。',
  'bot.verify.begun': '{{user}} 已开始；正在等待其客户端准备好表情符号……',
  'bot.verify.other-side': '正在等待 {{user}} 在客户端中确认一致……',
  'bot.verify.with': '用户',
  'bot.verify.device': '对方设备',
  'bot.verify.emoji': '表情符号',
  'bot.verify.name': '名称',
  'bot.verify.plan':
    '对方客户端显示的七个表情符号和顺序是否与此相同？请通过他人无法篡改的途径比对：当面或电话。全部相同才回答是。',
  'bot.verify.done': '验证完成：{{user}} 与机器人持有相同的密钥。',
  'bot.recover.ask': '恢复密钥（输入时不显示）：',
  'bot.recover.opening': '正在打开 {{user}} 的机密数据……',
  'bot.recover.identity': '身份已取回，并已为设备 {{device}} 签名。',
  'bot.recover.keys': '已恢复 {{imported}} / {{total}} 个密钥……',
  'bot.recover.done': '设备 {{device}} 重新拥有 {{user}} 的身份。',
  'bot.recover.done-keys': '已恢复的房间密钥',
  'bot.recover.keys-there': '{{there}} / {{total}}，其中 {{fresh}} 个是新的',
  'bot.recover.set-aside':
    '之前设备的密钥现在位于 {{file}}。没有程序再读取它；机器人恢复运行后可以删除。',
  'bot.recover.old-device':
    '之前的设备 {{device}} 仍在该账号上。请将其登出：用旧令牌（`POST /_matrix/client/v3/logout`），或以管理员身份用 `DELETE /_synapse/admin/v2/users/{{user}}/devices/{{device}}`。',
  'bot.recover.no-backup': '没有密钥备份，因此以前的内容无法再读取。',
  'bot.recover.damaged': '无法读取的密钥',
  'bot.recover.next': '请启动机器人：`sudo systemctl start urtc-bot`。',
  'bot.recover.reason.backup': '备份使用的是另一个密钥',
  'bot.recover.reason.secret': '{{name}} 缺失或已损坏',
  'bot.recover.reason.identity': '密钥与账号公布的不符',
  'bot.recover.reason.no-identity': '账号没有公布身份',
  E_RECOVERY_KEY_INVALID: '这不是恢复密钥：有字符缺失、多余或错误。',
  'E_RECOVERY_KEY_INVALID.next': '请按显示的内容输入：48 个字母和数字，以 `Es` 开头，区分大小写。',
  E_RECOVERY_KEY_ON_LINE:
    '`{{command}}` 不接受命令行中的任何内容：这台服务器上的其他人能看到您在那里输入的内容，shell 也会记录下来。',
  'E_RECOVERY_KEY_ON_LINE.next':
    '请单独运行 `sudo urtc bot recover`，并在提示处输入恢复密钥。如果密钥已出现在命令行中，请将其从 shell 历史中删除。',
  E_RECOVERY_KEY_WRONG: '该恢复密钥格式正确，但不属于这个账号。',
  'E_RECOVERY_KEY_WRONG.next': '请查找 `sudo urtc bot recovery-key` 为这个机器人显示过的密钥。',
  E_RECOVERY_KEY_UNREADY: '还没有可显示的恢复密钥。',
  'E_RECOVERY_KEY_UNREADY.next':
    '请启动机器人并等待它连上主服务器；`urtc bot identity` 可查看状态。',
  E_RECOVERY_KEY_SHOWN: '恢复密钥此前已显示过，不再保存在这台服务器上。',
  'E_RECOVERY_KEY_SHOWN.next':
    '请在您保存此类密钥的地方查找。如果已经丢失，`sudo urtc bot replace-recovery-key` 会生成新的密钥。',
  E_RECOVERY_NONE: '该账号没有在主服务器上保存机密数据，因此无可恢复。',
  'E_RECOVERY_NONE.next':
    '请检查配置中的令牌是否属于正确的账号。从未加密运行过的机器人无需恢复：直接启动即可。',
  E_RECOVERY_MISMATCH: '该密钥打开的机密数据不属于账号的身份：{{reason}}。',
  'E_RECOVERY_MISMATCH.next':
    '身份在该密钥生成之后被重置过。请使用较新的密钥，或在客户端中重置账号的身份，再用新设备启动机器人。',
  E_PERSON_UNPINNED: '机器人不认识 {{user}} 的任何身份。',
  'E_PERSON_UNPINNED.next': '`urtc bot people` 列出它认识的人。',
  E_PERSON_UNCHANGED: '{{user}} 没有出示新身份；无需批准。',
  'E_PERSON_UNCHANGED.next': '`urtc bot people` 显示当前的身份。',
  E_BOT_NOT_RUNNING: '`{{command}}` 需要机器人正在运行并已连上主服务器。',
  'E_BOT_NOT_RUNNING.next': '请启动它（`sudo systemctl start urtc-bot`），然后重试。',
  E_VERIFY_NOBODY: '在 {{limit}} 内没有人请求验证机器人。',
  'E_VERIFY_NOBODY.next':
    '请在客户端打开机器人的资料，选择“验证”，再选“开始验证”，然后重新运行本命令。',
  E_VERIFY_CANCELLED: '验证未得出结果：{{reason}}。',
  'E_VERIFY_CANCELLED.next': '请从客户端重新开始。如果表情符号不一致，您与机器人之间可能有人窃听。',
} as const satisfies Chinese<typeof english>;
