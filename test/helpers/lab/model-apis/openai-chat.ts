// OpenAI's chat completions API, as far as a tool needs it for one session. Must not do I/O.
import type { AnswerContext, JsonObject, Reply } from './request.ts'
import { answerText, chooseShellCall, jsonReply, streamReply, toList, toObject, toText } from './request.ts'

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

/** First turn: one shell tool call when one is offered. After its result, or without one: text. */
export function answerOpenAiChat(request: JsonObject, context: AnswerContext): Reply {
  const call = chooseCall(request, context)
  const message = call
    ? { role: 'assistant', content: null, tool_calls: [call] }
    : { role: 'assistant', content: answerText }
  const finish = call ? 'tool_calls' : 'stop'
  const base = {
    id: context.newId('chatcmpl-'),
    created: context.nowSeconds,
    model: toText(request['model'], 'lab-model'),
  }
  if (request['stream'] !== true) {
    const choices = [{ index: 0, message, finish_reason: finish }]
    return jsonReply({ ...base, object: 'chat.completion', choices, usage })
  }
  const chunk = (rest: JsonObject) =>
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...rest })}\n\n`
  return streamReply([
    chunk({ choices: [{ index: 0, delta: message, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
    chunk({ choices: [], usage }),
    'data: [DONE]\n\n',
  ])
}

function chooseCall(request: JsonObject, context: AnswerContext): JsonObject | undefined {
  if (toList(request['messages']).some((message) => toObject(message)['role'] === 'tool')) return undefined
  const offers = toList(request['tools']).map((tool) => toObject(toObject(tool)['function'] ?? tool))
  const call = chooseShellCall(
    offers.map((tool) => ({ name: toText(tool['name'], ''), schema: toObject(tool['parameters']) })),
    context.command,
  )
  if (!call) return undefined
  return {
    index: 0,
    id: context.newId('call_'),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.input) },
  }
}
