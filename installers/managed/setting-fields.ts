// The agent's settings as the forms of device management show them: what each may hold, and its meaning in each language.
// Made from the schema, so that they cannot drift; what only a person can say, the Chinese, is asked for by the compiler.
import { z } from 'zod'
import { AgentSettings, settingNames, type SettingName } from '#shared/settings.ts'

export type FieldLanguage = 'en' | 'zh-CN'

export interface SettingField {
  readonly name: SettingName
  readonly holds:
    | { readonly kind: 'text' }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'number'; readonly least: number; readonly most: number }
  /** What counts where nothing is said; null: nothing, or what the system makes of it. */
  readonly fallback: string | number | null
  readonly title: Readonly<Record<FieldLanguage, string>>
  readonly about: Readonly<Record<FieldLanguage, string>>
}

/** What JSON Schema says of one setting, as far as a form shows it. */
const Shape = z.looseObject({
  description: z.string(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.union([z.string(), z.number(), z.null()]).optional(),
})
const Shapes = z.object({ properties: z.record(z.string(), Shape) })

/** Every setting, in the order in which the schema has them. */
export function settingFields(): readonly SettingField[] {
  const { properties } = Shapes.parse(z.toJSONSchema(AgentSettings, { io: 'input', unrepresentable: 'any' }))
  return settingNames.map((name) => {
    const shape = Shape.parse(properties[name])
    return {
      name,
      holds: holdsOf(shape),
      fallback: shape.default ?? null,
      title: { en: titleOf(name), 'zh-CN': chinese[name].title },
      about: { en: shape.description, 'zh-CN': chinese[name].about },
    }
  })
}

function holdsOf(shape: z.infer<typeof Shape>): SettingField['holds'] {
  if (shape.enum !== undefined) return { kind: 'choice', choices: shape.enum }
  if (shape.type !== 'integer' && shape.type !== 'number') return { kind: 'text' }
  return { kind: 'number', least: shape.minimum ?? 0, most: shape.maximum ?? Number.MAX_SAFE_INTEGER }
}

/** `certificatePin` as a label: `Certificate pin`. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`
}

const chinese: Readonly<Record<SettingName, { readonly title: string; readonly about: string }>> = {
  server: { title: '服务器地址', about: '服务器的地址，例如 https://cutoff.example.com。' },
  tokenFile: {
    title: '注册令牌文件',
    about: '存放注册令牌的文件，只有代理程序可以读取；首次启动时使用。',
  },
  organisationKey: {
    title: '组织密钥指纹',
    about:
      '组织的策略密钥的指纹；由其他密钥签名的策略会被拒绝。更换密钥期间写两个指纹，以逗号分隔，旧的在前。',
  },
  certificatePin: {
    title: '证书固定',
    about: '服务器证书可以使用的公钥的 SHA-256，格式为 sha256//BASE64；其他公钥一律拒绝，即使系统信任它们。',
  },
  logLevel: { title: '日志级别', about: '写入标准错误的日志有多详细。' },
  proxy: {
    title: '代理服务器',
    about:
      '通往服务器的 HTTP 代理；未设置时使用环境变量 HTTPS_PROXY 和 NO_PROXY，两者也没有时使用本机自己的代理设置。',
  },
  noProxy: { title: '不经代理的主机', about: '不经“代理服务器”直接访问的主机，以逗号分隔。' },
  stateFolder: {
    title: '状态文件夹',
    about:
      '代理程序保存状态的文件夹，只有其所有者可以访问：root 为 /var/lib/cutoff，其他账户为其自己的状态文件夹。',
  },
  accountsFolder: {
    title: '账户副本文件夹',
    about:
      '为每个账户保存一份副本的文件夹，内容是关于该账户的已知信息和已发送内容：/var/lib/cutoff-accounts，或位于指定的状态文件夹旁边。在 Windows 上由服务在状态文件夹旁边创建。',
  },
  firstLookAfterHours: {
    title: '首次检查前的等待（小时）',
    about: '安装后等待多久才进行第一次检查，让每个人先得知设备上会清点什么。',
  },
  scanSeconds: { title: '完整检查间隔（秒）', about: '两次完整检查之间的时间。' },
  processSeconds: { title: '进程检查间隔（秒）', about: '两次检查进程之间的时间。' },
  scanBudgetMs: { title: '完整检查时限（毫秒）', about: '一次完整检查最多可以花费的时间。' },
  spoolMegabytes: {
    title: '磁盘占用上限（MB）',
    about: '代理程序的状态最多占用的磁盘空间；等待发送的内容用完其份额后会被压缩。',
  },
}
