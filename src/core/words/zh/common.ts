import type { common as english } from '../en/common.ts';
import type { Chinese } from '../index.ts';

/** 各处共用的词。 */
export const common = {
  'outcome.ok': '完成',
  'outcome.warning': '注意',
  'outcome.refused': '已拒绝',
  'outcome.failed': '失败',
  'outcome.unknown': '未知',
  'outcome.cancelled': '已取消',
  'common.yes': '是',
  'common.no': '否',
  'common.none': '无',
  'actor.local': '服务器终端上的 {{login}}（{{role}}）',
  'role.viewer': '观察者',
  'role.operator': '操作员',
  'role.admin': '管理员',
  'role.owner': '所有者',
  'id.kind.UserId': '用户 ID（如 @anna:example.org）',
  'id.kind.Localpart': '账号名称（如 anna）',
  'id.kind.RoomId': '房间 ID（如 !abc:example.org）',
  'id.kind.EventId': '事件 ID',
  'id.kind.JobId': '任务编号（例如 jk4rw）',
  'id.kind.ErrorId': '错误编号（例如 e2345678）',
  'id.kind.OutboxId': '消息编号',
} as const satisfies Chinese<typeof english>;
