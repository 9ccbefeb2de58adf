// Anthropic's messages API, as far as a tool needs it for one session. Must not do I/O.
import type { AnswerContext, JsonObject, Reply, ToolCall } from './request.ts'
import { answerText, chooseShellCall, jsonReply, streamReply, toList, toObject, toText } from './request.ts'

const usage = {
  input_tokens: 10,
  output_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
}

/** First turn: one shell tool call when one is offered. After its result, or without one: text. */
export function answerAnthropic(request: JsonObject, context: AnswerContext): Reply {
  const call = chooseCall(request, context)
  const content = call
    ? { type: 'tool_use', id: context.newId('toolu_'), name: call.name, input: call.input }
    : { type: 'text', text: answerText }
  const stopReason = call ? 'tool_use' : 'end_turn'
  const message = {
    id: context.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: toText(request['model'], 'lab-model'),
    stop_sequence: null,
    usage,
  }
  if (request['stream'] !== true)
    return jsonReply({ ...message, content: [content], stop_reason: stopReason })
  const delta = call
    ? { type: 'input_json_delta', partial_json: JSON.stringify(call.input) }
    : { type: 'text_delta', text: answerText }
  const opening = call ? { ...content, input: {} } : { ...content, text: '' }
  return streamReply([
    event('message_start', { message: { ...message, content: [], stop_reason: null } }),
    event('content_block_start', { index: 0, content_block: opening }),
    event('content_block_delta', { index: 0, delta }),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 5 },
    }),
    event('message_stop', {}),
  ])
}

function chooseCall(request: JsonObject, context: AnswerContext): ToolCall | undefined {
  if (JSON.stringify(toList(request['messages'])).includes('"tool_result"')) return undefined
  const offers = toList(request['tools']).map(toObject)
  return chooseShellCall(
    offers.map((tool) => ({ name: toText(tool['name'], ''), schema: toObject(tool['input_schema']) })),
    context.command,
  )
}

function event(type: string, data: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
