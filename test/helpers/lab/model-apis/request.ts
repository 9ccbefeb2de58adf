// What the model APIs have in common: reading an untyped request, choosing the one shell tool to call, and
// the shape of a reply. Must not do I/O.

export type JsonObject = Readonly<Record<string, unknown>>

/** One whole answer to one request. Streams are sent as one text: the tools do not mind. */
export interface Reply {
  readonly status: number
  readonly contentType: 'application/json' | 'text/event-stream'
  readonly body: string
}

/** What an answer is built from. `newId` makes an identifier that begins with the given prefix. */
export interface AnswerContext {
  readonly command: string
  readonly newId: (prefix: string) => string
  readonly nowSeconds: number
}

export interface ToolOffer {
  readonly name: string
  readonly schema: JsonObject
}

export interface ToolCall {
  readonly name: string
  readonly input: JsonObject
}

/** The text of every final answer, so that a test can tell an answer of the stand-in from any other. */
export const answerText = 'done (lab)'

const shellToolNames: readonly string[] = [
  'Bash',
  'bash',
  'shell',
  'run_shell_command',
  'shell_command',
  'exec_command',
  'execute',
  'run_terminal_cmd',
  'run_commands',
  'execute_command',
  'Execute',
  'launch-process',
]

export function toObject(value: unknown): JsonObject {
  // Checked on the line itself: a non-null, non-array object has string keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function toText(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(value) }
}

export function streamReply(chunks: readonly string[]): Reply {
  return { status: 200, contentType: 'text/event-stream', body: chunks.join('') }
}

/** The shell tool among those offered, with arguments that fit its schema, or undefined when none is offered. */
export function chooseShellCall(offers: readonly ToolOffer[], command: string): ToolCall | undefined {
  for (const name of shellToolNames) {
    const offer = offers.find((candidate) => candidate.name === name)
    if (offer) return { name, input: fillArguments(offer.schema, command) }
  }
  return undefined
}

function fillArguments(schema: JsonObject, command: string): JsonObject {
  const properties = toObject(schema['properties'])
  const input: Record<string, unknown> = {}
  if (properties['cmd']) input['cmd'] = command
  else if (properties['commands']) input['commands'] = [command]
  else input['command'] = takesList(properties['command']) ? ['bash', '-lc', command] : command
  for (const required of toList(schema['required'])) {
    if (typeof required === 'string' && !(required in input))
      input[required] = plainValue(properties[required])
  }
  return input
}

function takesList(property: unknown): boolean {
  const { type, anyOf } = toObject(property)
  return type === 'array' || toList(anyOf).some((option) => toObject(option)['type'] === 'array')
}

function plainValue(property: unknown): unknown {
  switch (toObject(property)['type']) {
    case 'boolean':
      return false
    case 'number':
    case 'integer':
      return 10
    case 'array':
      return []
    default:
      return 'lab'
  }
}
