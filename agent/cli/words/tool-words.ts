// What `explain` says around the catalogue's entry of a tool. The entry itself (what it is, notes, sources) is in English.
import type { Said } from './said.ts'

const english = {
  vendor: 'Vendor',
  country: 'Country',
  kind: 'Kind',
  homepage: 'Homepage',
  recognised: 'How it is recognised',
  rests: (label: string, about: string) => `${label}: ${about.charAt(0).toLowerCase()}${about.slice(1)}`,
  group: (label: string, about: string) => `${label}. ${about}`,
  inBrackets: (text: string, said: string) => `${text} (${said})`,
  counts: 'What counts as its use',
  afterSentence: (text: string, note: string) => `${text} Note: ${note}.`,
  afterPlace: (text: string, note: string) => `${text}: ${note}`,
  moved: 'What moves its folders',
  movedRests: (text: string, rests: string) => `${text} ${rests}.`,
  tried: 'Tried out',
  sources: 'Sources, with the day on which each was last looked at',
  /** Where the catalogue's own texts are in another language. */
  inEnglish: null as string | null,
}

export const toolWords: Said<typeof english> = {
  en: english,
  'zh-CN': {
    vendor: '厂商',
    country: '国家或地区',
    kind: '种类',
    homepage: '主页',
    recognised: '如何识别',
    rests: (label, about) => `${label}：${about}`,
    group: (label, about) => `${label}。${about}`,
    inBrackets: (text, said) => `${text}（${said}）`,
    counts: '什么算作使用',
    afterSentence: (text, note) => `${text}注：${note}。`,
    afterPlace: (text, note) => `${text}：${note}`,
    moved: '什么会改变其文件夹的位置',
    movedRests: (text, rests) => `${text}${rests}。`,
    tried: '试用情况',
    sources: '来源及最近核对的日期',
    inEnglish: '（目录中的说明、注释和来源为英文。）',
  },
}
