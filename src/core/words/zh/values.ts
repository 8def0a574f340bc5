import type { values as english } from '../en/values.ts';
import type { Chinese } from '../index.ts';

/** 时长的写法。 */
export const values = {
  'value.days': '{{n}} 天',
  'value.hours': '{{n}} 小时',
  'value.minutes': '{{n}} 分钟',
  'value.seconds': '{{n}} 秒',
  'value.milliseconds': '{{n}} 毫秒',
} as const satisfies Chinese<typeof english>;
