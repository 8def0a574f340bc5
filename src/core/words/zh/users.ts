import type { users as english } from '../en/users.ts';
import type { Chinese } from '../index.ts';

/** 账号：命令、回答，以及管理 API 可能的回应。 */
export const users = {
  'adminApi.refused': '连接被拒绝',
  'adminApi.unknownHost': '找不到该主机名',
  'adminApi.tooLong': '回应过长',
  'adminApi.tooSlow': '{{limit}} 内没有收到完整的回应',
  'adminApi.broken': '连接中断（{{detail}}）',
  'adminApi.gateway': '其前方的代理返回 {{status}}',
  'adminApi.failed': '主服务器内部错误',
  'adminApi.notJson': '不是 JSON，因此很可能不是 Matrix 主服务器',
  'adminApi.shape': '是 JSON，但格式不符合预期',

  'user.argument.name': '账号：`alice` 或 `@alice:server`',
  'user.argument.new-name': '新账号的名称：小写字母、数字和 `._=-/+`',
  'user.argument.search': '账号名称或显示名称的一部分',
  'user.argument.on-off':
    '`on`（开，先询问）或 `off`（关，只有服务器终端上的 root 可以：`sudo urtc user admin NAME off`）',
  'user.argument.display-name': '其他人看到的名称',
  'user.flag.display-name': '其他人看到的名称；不填则用账号名称',
  'user.flag.admin': '设为主服务器管理员（先询问；需要管理员角色）',
  'user.flag.page': '显示第几页',
  'user.flag.limit': '每页账号数（1 到 500）',
  'user.flag.all': '也列出已停用的账号',
  'user.flag.keep-devices': '让其设备保持登录',
  'user.flag.erase': '同时抹除其资料，并对之后加入的人隐藏其消息',

  'user.name.grammar': '账号名称只能含小写字母、数字和 `._=-/+`',
  'user.name.long': '太长：账号名称最多 {{limit}} 个字符',
  'user.name.case': '账号名称须为小写，或许是 `{{suggestion}}`',
  'user.name.digits': '纯数字名称保留给访客',
  'user.name.underscore': '以 `_` 开头的名称保留给桥接',
  'user.display-name.empty': '显示名称至少要有一个字符',
  'user.display-name.long': '显示名称最多 {{limit}} 个字符',
  'user.display-name.invisible': '显示名称不能含换行或不可见字符',

  'user.field.account': '账号',
  'user.field.name': '名称',
  'user.field.display-name': '显示名称',
  'user.field.state': '状态',
  'user.field.admin': '主服务器管理员',
  'user.field.role': '在机器人中的角色',
  'user.field.created': '创建时间',
  'user.field.last-seen': '最近在线',
  'user.field.total': '账号总数',
  'user.field.page': '页',
  'user.field.pages': '总页数',
  'user.state.active': '正常',
  'user.state.locked': '已锁定',
  'user.state.deactivated': '已停用',
  'user.state.erased': '已停用并抹除',

  'user.secret.code': '一次性代码',
  'user.secret.valid-until': '代码有效期至',
  'user.secret.password':
    '密码不会显示在这里。请在服务器上运行 `sudo urtc secret show {{code}}`，只会显示一次。',

  'user.add.summary': '创建账号',
  'user.add.plan': '将创建账号 {{account}}，并生成新密码。',
  'user.add.plan-admin': '它将成为主服务器管理员：可以查看和更改一切。',
  'user.add.done': '已创建 {{account}}。',
  'user.add.maybe':
    '账号 {{account}} 现在已存在，但无法确定是否由本命令创建。`!user show {{name}}` 可查看；`!user password {{name}}` 可为其设置密码。',

  'user.list.summary': '列出和搜索账号',
  'user.list.title': '账号',
  'user.list.next': '`!{{command}}` 显示下一页。',
  'user.list.unnameable': '本页还有使用旧式名称、命令无法处理的账号：{{names}}',

  'user.show.summary': '显示一个账号',
  'user.show.title': '账号 {{account}}',

  'user.password.summary': '为账号设置新密码',
  'user.password.plan': '{{account}} 将获得新密码；其所有设备都会退出登录。',
  'user.password.plan-keep': '{{account}} 将获得新密码；其设备保持登录。',
  'user.password.done': '{{account}} 已有新密码；其所有设备都已退出登录。',
  'user.password.done-keep': '{{account}} 已有新密码；其设备保持登录。',

  'user.admin.summary': '将账号设为主服务器管理员，或取消',
  'user.admin.plan-on': '{{account}} 将成为主服务器管理员：可以查看和更改一切。',
  'user.admin.one-way': '只有服务器终端上的 root 可以撤回：`sudo urtc {{line}}`。',
  'user.admin.plan-off': '{{account}} 将不再是主服务器管理员。',
  'user.admin.done-on': '{{account}} 是主服务器管理员。',
  'user.admin.done-off': '{{account}} 不是主服务器管理员。',

  'account.way.client': '您可以用自己的客户端完成。',
  'account.way.root': '`sudo urtc {{command}}`。',
  'account.way.after-server-admin':
    '这是最后一位主服务器管理员，请先 `!user admin NAME on`，再 `sudo urtc {{command}}`。',
  'account.way.after-role-admin':
    '这是最后一位，请先在配置文件的 `people` 中添加另一人并设 `role: admin`，运行 `!config reload`，再 `sudo urtc {{command}}`。',
  'account.way.after-both':
    '两种管理员这都是最后一位，请先 `!user admin NAME on`，在配置文件的 `people` 中添加另一人并设 `role: admin`，运行 `!config reload`，再 `sudo urtc {{command}}`。',

  'user.lock.summary': '锁定账号：解锁前什么都不能做',
  'user.lock.plan': '{{account}} 将被锁定：其设备保留，但什么都不能做。',
  'user.lock.done': '{{account}} 已锁定。',
  'user.unlock.summary': '解锁账号；其设备恢复使用',
  'user.unlock.plan': '{{account}} 将被解锁；其设备恢复使用。',
  'user.unlock.done': '{{account}} 未被锁定。',

  'user.deactivate.summary': '永久停用账号',
  'user.deactivate.plan':
    '{{account}} 将被停用：在所有地方退出登录，离开所有房间，并失去密码、邮箱地址、设置和密钥备份。',
  'user.deactivate.keeps':
    '其消息和文件会保留。`!user reactivate {{name}}` 可恢复该名称，但不能恢复房间和密钥。',
  'user.deactivate.erases':
    '它还将被抹除：资料会删除，之后加入房间的人不再看到其消息。其文件会保留，他人已收到的内容也会保留。',
  'user.deactivate.done': '{{account}} 已停用。',
  'user.deactivate.done-erased': '{{account}} 已停用并抹除。',
  'user.deactivate.erase-unknown': '账号 {{account}} 已停用，但主服务器没有说明是否已抹除。',

  'user.reactivate.summary': '恢复已停用的账号，并设置新密码',
  'user.reactivate.plan': '{{account}} 将重新启用，并获得新密码。其房间、设置和密钥不会恢复。',
  'user.reactivate.done': '{{account}} 已重新启用。',
  'user.reactivate.still-locked': '它仍被锁定。`!user unlock {{name}}` 可解锁。',

  'user.rename.summary': '更改账号的显示名称',
  'user.rename.plan': '{{account}} 将显示为“{{name}}”。',
  'user.rename.done': '{{account}} 现在显示为“{{name}}”。',
  'user.rename.id-stays': '账号标识 {{account}} 本身永远不能更改：Matrix 没有这种办法。',

  E_USER_OTHER_SERVER: '{{account}} 属于另一台主服务器；这台主服务器是 {{server}}。',
  'E_USER_OTHER_SERVER.next': '这里只能管理这台主服务器的账号。',
  E_USER_DEACTIVATED_ALREADY: '账号 {{account}} 已经停用：无需再做任何事。',
  'E_USER_DEACTIVATED_ALREADY.next': '用 `!user show {{account}}` 查看。',
  E_USER_ACTIVE: '账号 {{account}} 没有被停用。',
  'E_USER_ACTIVE.next':
    '`!user password {{account}}` 可设置新密码，`!user unlock {{account}}` 可解锁。',
  E_USER_PAGE_BEYOND: '没有第 {{page}} 页；最后一页是第 {{last}} 页。',
  'E_USER_PAGE_BEYOND.next': '用 `!{{command}}` 查看最后一页。',
  E_USER_PASSWORD_UNSURE: '为 {{account}} 设置新密码时主服务器没有响应；无法确定是否已生效。',
  'E_USER_PASSWORD_UNSURE.next': '用 `!user password {{account}}` 再设置一个，以新的为准。',
} as const satisfies Chinese<typeof english>;
