import type { parse as english } from '../en/parse.ts';
import type { Chinese } from '../index.ts';

/** 命令解析用词。原因接在冒号之后，不加句号。 */
export const parse = {
  'parse.suggestion': '您是否想用 `{{nearest}}`？',
  'parse.suggestion.command': '您是否想用 `!{{nearest}}`？',
  'parse.flag.none': '它没有选项。',
  'parse.flag.terminal': '`{{flag}}` 是终端的选项，用于服务器上的 `urtc {{command}}`。',
  'parse.reason.invalid': '值无效',
  'parse.reason.number': '必须是数字',
  'parse.reason.integer': '必须是整数',
  'parse.reason.range': '必须是 {{least}} 到 {{most}} 之间的整数',
  'parse.reason.choice': '必须是以下之一：{{values}}',
  'parse.reason.short': '太短，至少 {{limit}} 个字符',
  'parse.reason.long': '太长，最多 {{limit}} 个字符',
  'parse.reason.small': '最小为 {{limit}}',
  'parse.reason.big': '最大为 {{limit}}',
  'parse.reason.format': '格式不正确',
  'parse.reason.multiple': '必须是 {{divisor}} 的倍数',
  E_PARSE_CHARACTER: '此处有一个可能隐藏文字或伪装名称的不可见字符（{{character}}）。',
  'E_PARSE_CHARACTER.next': '请手动输入命令，不要粘贴。',
  E_PARSE_SECOND_COMMAND: '此处开始了第二个命令；未执行任何操作。',
  'E_PARSE_SECOND_COMMAND.next': '每条消息请只发送一个命令。',
  E_COMMAND_INCOMPLETE: '`{{noun}}` 之后还需要一个词：{{verbs}}。',
  'E_COMMAND_INCOMPLETE.next': '用 `!help {{noun}}` 查看说明。',
  E_FLAG_VALUE_EXTRA: '选项 “{{flag}}” 不带值。',
  'E_FLAG_VALUE_EXTRA.next': '请只写 `{{flag}}`，或将其去掉。',
} as const satisfies Chinese<typeof english>;
