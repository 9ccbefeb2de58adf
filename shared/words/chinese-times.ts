// Simplified Chinese words for times that do not fit together. Data only.
import type { TimeTerms } from './time-words.ts'

export const chineseTimes: TimeTerms = {
  disagreement: {
    'file-written': '记录中的时间是 {record}，其文件最后写入于 {other}：相差 {apart}。',
    'file-born': '记录中的时间是 {record}，其文件产生于 {other}：相差 {apart}。',
    look: '记录中的时间是 {record}，查看时设备时钟为 {other}：超前 {apart}。',
    'look-before': '记录中的时间是 {record}，而在 {other} 查看时它尚不存在：相差 {apart}。',
    'clock-set':
      '记录中的时间是 {record}，所依据的时钟后来被调整过；按调整后的时钟应为 {other}：相差 {apart}。',
    receipt: '记录中的时间是 {record}，上报时服务器时钟为 {other}：超前 {apart}。',
  },
  untold: '记录中的时间是 {record}；另一时间不在规则的日期范围内，因此不上报相差多少。',
  behind: {
    earlier: '记录早于其文件，可能是复制、恢复或同步所致，也可能是时间经人手改写。',
    later: '记录晚于其文件或超前于时钟，可能是当时的时钟不准，也可能是时间经人手改写。',
  },
  unit: {
    day: { one: '{n} 天', many: '{n} 天' },
    hour: { one: '{n} 小时', many: '{n} 小时' },
    minute: { one: '{n} 分钟', many: '{n} 分钟' },
    second: { one: '{n} 秒', many: '{n} 秒' },
  },
}
