// Group policy for Windows: one ADMX with every setting, its words in one ADML a language, and what Intune needs to carry both
// over OMA-URI. Pure. The agent reads what they write from HKLM\SOFTWARE\Policies\Cutoff.
import type { FieldLanguage, SettingField } from './setting-fields.ts'
import { element, xmlDocument, type Element } from './xml.ts'

const namespaces = {
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  xmlns: 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions',
  revision: '1.0',
  schemaVersion: '1.0',
}
export const policyKey = 'SOFTWARE\\Policies\\Cutoff'
const category = 'CutoffAgent'
const supported = 'SUPPORTED_Windows10'

export function admx(fields: readonly SettingField[]): string {
  const root = element(
    'policyDefinitions',
    namespaces,
    element(
      'policyNamespaces',
      {},
      element('target', { prefix: 'cutoff', namespace: 'Cutoff.Policies.Agent' }),
    ),
    element('resources', { minRequiredRevision: '1.0' }),
    element(
      'supportedOn',
      {},
      element('definitions', {}, element('definition', { name: supported, displayName: text(supported) })),
    ),
    element('categories', {}, element('category', { name: category, displayName: text(category) })),
    element('policies', {}, ...fields.map(policy)),
  )
  return xmlDocument(root)
}

function policy(field: SettingField): Element {
  const { name } = field
  return element(
    'policy',
    {
      name,
      class: 'Machine',
      displayName: text(name),
      explainText: text(`${name}_About`),
      presentation: `$(presentation.${name})`,
      key: policyKey,
    },
    element('parentCategory', { ref: category }),
    element('supportedOn', { ref: supported }),
    element('elements', {}, input(field)),
  )
}

/** The registry value that the policy writes, under the setting's own name. */
function input({ name, holds }: SettingField): Element {
  const value = { id: name, valueName: name, required: 'true' }
  if (holds.kind === 'number')
    return element('decimal', { ...value, minValue: String(holds.least), maxValue: String(holds.most) })
  if (holds.kind === 'text') return element('text', { ...value, maxLength: '1023' })
  const items = holds.choices.map((choice) =>
    element(
      'item',
      { displayName: text(`${name}_${choice}`) },
      element('value', {}, element('string', {}, choice)),
    ),
  )
  return element('enum', value, ...items)
}

const words: Readonly<
  Record<FieldLanguage, { readonly category: string; readonly supported: string; readonly choice: string }>
> = {
  en: {
    category: 'Cutoff agent',
    supported: 'Windows 10 and later, with the Cutoff agent',
    choice: 'Value:',
  },
  'zh-CN': {
    category: 'Cutoff 代理程序',
    supported: 'Windows 10 及更高版本，已安装 Cutoff 代理程序',
    choice: '值：',
  },
}

export function adml(fields: readonly SettingField[], language: FieldLanguage): string {
  const own = words[language]
  const strings: [string, string][] = [
    [category, own.category],
    [supported, own.supported],
    ...fields.flatMap(({ name, title, about, holds }): [string, string][] => [
      [name, title[language]],
      [`${name}_About`, about[language]],
      ...(holds.kind === 'choice'
        ? holds.choices.map((choice): [string, string] => [`${name}_${choice}`, choice])
        : []),
    ]),
  ]
  const root = element(
    'policyDefinitionResources',
    namespaces,
    element('displayName', {}, own.category),
    element('description', {}, own.category),
    element(
      'resources',
      {},
      element('stringTable', {}, ...strings.map(([id, value]) => element('string', { id }, value))),
      element(
        'presentationTable',
        {},
        ...fields.map((field) => element('presentation', { id: field.name }, box(field, own.choice))),
      ),
    ),
  )
  return xmlDocument(root)
}

function box({ name, holds, fallback }: SettingField, label: string): Element {
  if (holds.kind === 'number') {
    const start = fallback === null ? {} : { defaultValue: String(fallback) }
    return element('decimalTextBox', { refId: name, ...start }, label)
  }
  if (holds.kind === 'text') return element('textBox', { refId: name }, element('label', {}, label))
  const start = Math.max(0, holds.choices.indexOf(String(fallback)))
  return element('dropdownList', { refId: name, defaultItem: String(start) }, label)
}

function text(id: string): string {
  return `$(string.${id})`
}

/** One row of a custom configuration in Intune. */
export interface OmaUri {
  readonly name: string
  readonly omaUri: string
  readonly dataType: 'String'
  readonly value: string
}

/** The rows that bring the ADMX to a device and then set the given values: `Add row` in Intune, one after another. */
export function omaUris(
  fields: readonly SettingField[],
  values: Readonly<Record<string, string | number>>,
): readonly OmaUri[] {
  const install: OmaUri = {
    name: 'Cutoff: policy definitions',
    omaUri: './Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/Cutoff/Policy/Agent',
    dataType: 'String',
    value: admx(fields),
  }
  const known = new Set<string>(fields.map(({ name }) => name))
  const given = Object.entries(values).filter(([name]) => known.has(name))
  const set = given.map(([name, value]): OmaUri => ({
    name: `Cutoff: ${name}`,
    omaUri: `./Device/Vendor/MSFT/Policy/Config/Cutoff~Policy~${category}/${name}`,
    dataType: 'String',
    value: `<enabled/>${xmlDocument(element('data', { id: name, value: String(value) })).split('\n')[1] ?? ''}`,
  }))
  return [install, ...set]
}
