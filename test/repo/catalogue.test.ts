// The catalogue as a whole: facts with sources, one owner for each sign, generated files up to date, and record
// shapes that tell the captured uses from the captured attempts.
import { describe, expect, test } from 'vitest'
import { readyShape, timesOfLines, timesOfRecords } from '../../agent/parsers/session-records.ts'
import { generateFiles, loadToolFiles, readTool } from '../../installers/generate.ts'
import { segmentFits, segmentsOf } from '../../shared/place.ts'
import type { RecordShape, Signals, ToolFile } from '../../shared/tool.ts'
import { filesBelow, readText } from '../helpers/repository.ts'

const files = await loadToolFiles()
const read = files.map(readTool)
const tools: readonly ToolFile[] = read.flatMap((one) => (one.ok ? [one.tool] : []))

test('every file follows the schema, and its name is its id', () => {
  expect(read.flatMap((one) => (one.ok ? [] : one.problems))).toEqual([])
})

test('what is made from the catalogue is up to date: else run npm run catalogue:index', async () => {
  const made = await generateFiles(files)
  const stale = [...made].filter(([path, text]) => readText(path) !== text).map(([path]) => path)
  expect(stale).toEqual([])
})

test('places outside of homes lie where the agent looks: one elsewhere would be a gap on every machine', () => {
  const reached = /^\/(usr|opt|bin|sbin|snap|nix|etc|var\/lib\/(dpkg|flatpak|snapd)|home\/linuxbrew)\//
  const stray = tools.flatMap(({ id, signals }) =>
    [...(signals.executable ?? []), ...(signals.config ?? [])]
      .filter(({ platforms }) => platforms === undefined || platforms.includes('linux'))
      .filter(({ place }) => place.startsWith('/') && !reached.test(place))
      .map(({ place }) => `${id}: ${place}`),
  )
  expect(stray).toEqual([])
})

describe.each(tools.map((tool) => [tool.id, tool] as const))('%s', (_, tool) => {
  test('names a source for what it rests on: an observation, or a page of its maker or of those who looked', () => {
    const sources = tool.references.map((reference) => reference.source)
    expect(sources.filter((source) => !/^(https:\/\/\S+|observation: \S.+)$/.test(source))).toEqual([])
    const founded: Record<string, boolean> = {
      observed: sources.some((source) => source.startsWith('observation: ')),
      documented: sources.some((source) => source.startsWith('https://')),
      inferred: true,
    }
    expect([...basesOf(tool.signals)].filter((basis) => founded[basis] !== true)).toEqual([])
  })

  test('was checked on days that exist', () => {
    const days = tool.references.map((reference) => reference.checked)
    expect(
      days.filter((day) => Temporal.PlainDate.from(day, { overflow: 'reject' }).toString() !== day),
    ).toEqual([])
  })

  test('looks at files that are its own, not at what a repository brings along', () => {
    const brought = /(^|\/)(CLAUDE|AGENTS|GEMINI|QWEN)(\.local)?\.md$|\.cursorrules$|\.clinerules/
    expect(placesOf(tool.signals).filter((place) => brought.test(place))).toEqual([])
  })

  test('names the very files of its configuration', () => {
    const vague = (tool.signals.config ?? []).filter(
      ({ place }) => place.endsWith('/') || place.includes('*'),
    )
    expect(vague).toEqual([])
  })

  test('says how its sessions are recorded if it says that they are, and nothing if it says that they are not', () => {
    const sessions = (tool.signals.trace ?? []).filter((trace) => trace.means === 'session')
    const readable = sessions.some((trace) => trace.record !== undefined)
    expect({ readable, any: sessions.length > 0 }).toEqual({
      readable: tool.recordsSessions ?? readable,
      any: tool.recordsSessions ?? sessions.length > 0,
    })
  })
})

describe('two tools', () => {
  test('never share a sign that proves one of them', () => {
    const owners = tools.flatMap((tool) => identitiesOf(tool.signals).map((sign) => [sign, tool.id] as const))
    expect(owners.filter(([sign, id]) => owners.some(([other, by]) => other === sign && by !== id))).toEqual(
      [],
    )
  })

  test('never look for the same file', () => {
    const places = tools.flatMap((tool) => placesOf(tool.signals).map((place) => ({ tool: tool.id, place })))
    const shared = places.flatMap((one) =>
      places
        .filter((other) => one.tool < other.tool && canMeet(one.place, other.place))
        .map((other) => `${one.tool} ${one.place} = ${other.tool} ${other.place}`),
    )
    expect(shared).toEqual([])
  })
})

describe('the record shape', () => {
  const captures = filesBelow()
    .map((path) => /^test\/fixtures\/traces\/([a-z0-9-]+)\/([a-z-]+)\.jsonl$/.exec(path))
    .flatMap((match) => (match ? [{ path: match[0], id: match[1] ?? '', name: match[2] ?? '' }] : []))

  test('is tried on captures of real sessions', () => {
    expect(captures.length).toBeGreaterThan(10)
  })

  test.each(captures)('of $id tells whether a model answered in $name', ({ path, id, name }) => {
    const times = timesIn(readText(path), shapeOf(id))
    expect({ held: times.heldAt.length > 0, dated: times.beganAt !== null }).toEqual({
      held: /(^|-)use(-|$)/.test(name),
      dated: true,
    })
  })
})

function shapeOf(id: string): RecordShape {
  const traces = tools.find((tool) => tool.id === id)?.signals.trace ?? []
  const shape = traces.find((trace) => trace.record !== undefined)?.record
  if (shape === undefined) throw new Error(`no record shape for the captures of ${id}`)
  return shape
}

function timesIn(text: string, shape: RecordShape) {
  if (shape.format !== 'sqlite') return timesOfLines(readyShape(shape), Buffer.from(text), false)
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => row['table'] === shape.table)
  const parsed = rows.map((row) => {
    const columns = (shape.json ?? []).map((name) => [name, JSON.parse(String(row[name]))] as const)
    return { ...row, ...Object.fromEntries(columns) }
  })
  return timesOfRecords(readyShape(shape), parsed)
}

function basesOf(signals: Signals): ReadonlySet<string> {
  const bases = new Set<string>()
  for (const ofKind of Object.values(signals)) for (const { basis } of ofKind ?? []) bases.add(basis)
  return bases
}

function placesOf(signals: Signals): readonly string[] {
  return [...(signals.executable ?? []), ...(signals.config ?? []), ...(signals.trace ?? [])].map(
    (s) => s.place,
  )
}

function identitiesOf(signals: Signals): readonly string[] {
  return [
    ...(signals.package ?? []).map((s) => `package ${s.manager} ${s.name}`),
    ...(signals.app ?? []).map((s) => `app ${s.idKind} ${s.id}`),
    ...(signals.extension ?? []).map((s) => `extension ${s.host} ${s.id.toLowerCase()}`),
  ]
}

/** Whether some path fits both templates. */
function canMeet(one: string, other: string): boolean {
  const left = segmentsOf(one)
  const right = segmentsOf(other)
  return (
    left.length === right.length && left.every((segment, index) => segmentsMeet(segment, right[index] ?? ''))
  )
}

/** Whether some name fits both segments; where both have a `*`, their fixed ends must agree. */
function segmentsMeet(one: string, other: string): boolean {
  if (!one.includes('*')) return segmentFits(other, one)
  if (!other.includes('*')) return segmentFits(one, other)
  const [a, b] = [one.split('*'), other.split('*')]
  const begins = agree(a[0] ?? '', b[0] ?? '', (long, short) => long.startsWith(short))
  return begins && agree(a.at(-1) ?? '', b.at(-1) ?? '', (long, short) => long.endsWith(short))
}

function agree(one: string, other: string, fits: (long: string, short: string) => boolean): boolean {
  return one.length > other.length ? fits(one, other) : fits(other, one)
}
