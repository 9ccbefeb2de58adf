// OpenAI's responses API, as far as a tool needs it for one session. Must not do I/O.
import type { AnswerContext, JsonObject, Reply, ToolCall } from './request.ts'
import { answerText, chooseShellCall, jsonReply, streamReply, toList, toObject, toText } from './request.ts'

const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 15,
}

/** First turn: one shell tool call when one is offered. After its result, or without one: text. */
export function answerOpenAiResponses(request: JsonObject, context: AnswerContext): Reply {
  const call = chooseCall(request, context)
  const item = call ? callItem(call, context) : textItem(context)
  const response = {
    id: context.newId('resp_'),
    object: 'response',
    created_at: context.nowSeconds,
    model: toText(request['model'], 'lab-model'),
    status: 'completed',
    output: [item],
    usage,
  }
  if (request['stream'] !== true) return jsonReply(response)
  const opening = call ? { ...item, arguments: '' } : { ...item, content: [] }
  const chunks = [
    ['response.created', { response: { ...response, status: 'in_progress', output: [] } }],
    ['response.output_item.added', { output_index: 0, item: opening }],
    ...(call ? callDeltas(item) : textDeltas(item)),
    ['response.output_item.done', { output_index: 0, item }],
    ['response.completed', { response }],
  ] satisfies [string, JsonObject][]
  return streamReply(
    chunks.map(
      ([type, data], sequence) =>
        `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...data })}\n\n`,
    ),
  )
}

function chooseCall(request: JsonObject, context: AnswerContext): ToolCall | undefined {
  if (JSON.stringify(request['input'] ?? '').includes('function_call_output')) return undefined
  const offers = toList(request['tools']).map(toObject)
  return chooseShellCall(
    offers.map((tool) => ({ name: toText(tool['name'], ''), schema: toObject(tool['parameters']) })),
    context.command,
  )
}

function callItem(call: ToolCall, context: AnswerContext): JsonObject {
  return {
    type: 'function_call',
    id: context.newId('fc_'),
    call_id: context.newId('call_'),
    name: call.name,
    arguments: JSON.stringify(call.input),
    status: 'completed',
  }
}

function textItem(context: AnswerContext): JsonObject {
  return {
    type: 'message',
    id: context.newId('msg_'),
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: answerText, annotations: [] }],
  }
}

function callDeltas(item: JsonObject): [string, JsonObject][] {
  const at = { item_id: item['id'], output_index: 0 }
  return [
    ['response.function_call_arguments.delta', { ...at, delta: item['arguments'] }],
    ['response.function_call_arguments.done', { ...at, arguments: item['arguments'] }],
  ]
}

function textDeltas(item: JsonObject): [string, JsonObject][] {
  const at = { item_id: item['id'], output_index: 0, content_index: 0 }
  return [
    ['response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } }],
    ['response.output_text.delta', { ...at, delta: answerText }],
    ['response.output_text.done', { ...at, text: answerText }],
  ]
}
