import type { feed as english } from '../en/feed.ts';
import type { Chinese } from '../index.ts';

/** 机器人主动报告的集群情况。 */
export const feed = {
  'feed.open': '自 {{at}} 起',
  'feed.next': '`!doctor` 说明如何处理。',
  'feed.healed': '{{span}} 后恢复。',
  'feed.many_other': '发布 {{release}} 有 {{count}} 处问题',
  'feed.line.healed': '已恢复：{{said}}',
  'feed.all-healed': '全部已恢复。',
  'feed.returned_other': '它又出现了 {{count}} 次。',
  'feed.disk': '存储卷所在的磁盘快满了：剩余 {{free}}。',
  'feed.disk-days_other': '存储卷所在的磁盘约 {{count}} 天后写满：剩余 {{free}}。',
} as const satisfies Chinese<typeof english>;
