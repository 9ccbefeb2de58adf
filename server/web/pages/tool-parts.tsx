// What the catalogue says of a tool: signals, what counts as use, what moves its folders, what trying it out showed, sources.
import { Link } from '@tanstack/react-router'
import type { ToolDetail } from '#shared/api.ts'
import { noted, phraseText, type Phrase } from '#shared/words/phrase.ts'
import {
  movedHomeWords,
  signalGroups,
  systemsText,
  type SignalGroup,
  type SignalLine,
} from '#shared/words/signal-words.ts'
import { usageWords } from '#shared/words/usage-words.ts'
import { verifiedWords } from '#shared/words/verified-words.ts'
import { OutsideLink } from '../parts/outside-link.tsx'
import { Panel } from '../parts/panel.tsx'
import { PhraseText } from '../parts/phrase-text.tsx'
import { useWords } from '../parts/words.ts'
import classes from './tool.module.css'

interface ToolProps {
  readonly tool: ToolDetail
}

export function Signals({ tool }: ToolProps) {
  const words = useWords()
  const groups = signalGroups(words, tool.signals)
  return (
    <Panel
      title="How it is recognised"
      about="Signs that the agent looks for. It never starts what it finds."
    >
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group.kind} aria-labelledby={`signals-${group.kind}`}>
            <h3 id={`signals-${group.kind}`}>{group.label}</h3>
            <p className="dim small">{group.about}</p>
            <ul className={classes.signals}>
              {group.lines.map((line) => (
                // One sign may rest on observation in one way and be inferred in another.
                <li
                  key={`${line.signal} ${line.platforms?.join(' ') ?? ''} ${line.basis} ${phraseText(line.phrase)}`}
                >
                  <Signal line={line} kind={group.kind} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  )
}

function Signal({ line, kind }: { readonly line: SignalLine; readonly kind: SignalGroup['kind'] }) {
  const words = useWords()
  const systems = systemsText(words, line.platforms)
  const { label, about } = words.tool.rests[line.basis]
  return (
    <>
      <div>
        <p>
          <PhraseText phrase={line.phrase} />
          {systems === null ? null : <span className="dim">, {systems}</span>}
        </p>
        <Note text={line.note} />
      </div>
      <WhoHasIt phrase={line.phrase} kind={kind} />
      <span className="dim small" title={about}>
        {label}
      </span>
    </>
  )
}

const inventoried = ['package', 'app', 'extension', 'command', 'config'] as const

/** Leads to the inventory, where what is installed is listed under its own name. */
function WhoHasIt({ phrase, kind }: { readonly phrase: Phrase; readonly kind: SignalGroup['kind'] }) {
  const item = inventoried.find((one) => one === kind)
  const name = phrase.find((part) => part.code)?.text
  if (item === undefined || name === undefined) return <span />
  return (
    <Link to="/inventory" search={{ q: name, item }} className="small nowrap">
      Who has it<span className="visually-hidden">: {name}</span>
    </Link>
  )
}

function Note({ text }: { readonly text: string | null }) {
  if (text === null) return null
  return (
    <p className="dim small">
      <PhraseText phrase={noted(text)} />
    </p>
  )
}

export function Usage({ tool }: ToolProps) {
  const { summary, parts } = usageWords(useWords(), tool)
  return (
    <Panel title="What counts as its use" about={summary}>
      <div className={classes.groups}>
        {parts.map(({ about, lines }) => (
          <div key={about}>
            <p>{about}</p>
            {lines.length === 0 ? null : (
              <ul className={classes.lines}>
                {lines.map(({ phrase, note }) => (
                  <li key={`${phrase.map((part) => part.text).join('')} ${note ?? ''}`}>
                    <p>
                      <PhraseText phrase={phrase} />
                    </p>
                    <Note text={note} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        ))}
      </div>
    </Panel>
  )
}

export function MovedHomes({ tool }: ToolProps) {
  const words = useWords()
  const moved = tool.movedHomes ?? []
  if (moved.length === 0) return null
  return (
    <Panel title="What moves its folders">
      <ul className={classes.lines}>
        {moved.map((one) => (
          <li key={`${one.variable} ${one.place}`}>
            <p>
              <PhraseText phrase={movedHomeWords(words, one)} />{' '}
              <span className="dim small" title={words.tool.rests[one.basis].about}>
                {words.tool.rests[one.basis].label}
              </span>
            </p>
            <Note text={one.note ?? null} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function TriedOut({ tool }: ToolProps) {
  const words = useWords()
  if (tool.verified === undefined) return null
  const { head, packages } = verifiedWords(words, tool.verified)
  return (
    <Panel title="Tried out" about={<PhraseText phrase={head} />}>
      <div className={classes.groups}>
        {packages.map((said, index) => (
          <ul key={tool.verified?.packages[index]?.name} className={classes.lines}>
            {said.map((phrase) => (
              <li key={phrase.map((part) => part.text).join('')}>
                <PhraseText phrase={phrase} />
              </li>
            ))}
          </ul>
        ))}
      </div>
    </Panel>
  )
}

export function Sources({ tool }: ToolProps) {
  return (
    <Panel title="Sources" about="With the day on which each was last looked at.">
      <ul className={classes.lines}>
        {tool.references.map(({ source, shows, checked }) => (
          <li key={`${source} ${shows}`}>
            <p>
              <span className="dim number">{checked}</span> <PhraseText phrase={noted(shows)} />
            </p>
            <p className="small">
              <OutsideLink href={source} />
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
