// Google's generateContent API, as far as a tool needs it for one session. Must not do I/O.
import type { AnswerContext, JsonObject, Reply } from './request.ts'
import { answerText, chooseShellCall, jsonReply, streamReply, toList, toObject, toText } from './request.ts'

// Gemini CLI asks a small model first which model to take, how complex the task is and who speaks next, and wants JSON.
const routing = {
  reasoning: 'lab',
  model_choice: 'flash',
  complexity_score: 1,
  complexity_reasoning: 'lab',
  next_speaker: 'user',
}

/** First turn: one shell tool call when one is offered. After its result, or without one: text. */
export function answerGemini(request: JsonObject, context: AnswerContext, stream: boolean): Reply {
  const response = {
    candidates: [
      { index: 0, content: { role: 'model', parts: [part(request, context)] }, finishReason: 'STOP' },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: 'lab',
  }
  return stream ? streamReply([`data: ${JSON.stringify(response)}\n\n`]) : jsonReply(response)
}

function part(request: JsonObject, context: AnswerContext): JsonObject {
  if (toObject(request['generationConfig'])['responseMimeType'] === 'application/json') {
    return { text: JSON.stringify(routing) }
  }
  if (JSON.stringify(toList(request['contents'])).includes('functionResponse')) return { text: answerText }
  const offers = toList(request['tools'])
    .flatMap((tool) => toList(toObject(tool)['functionDeclarations']))
    .map(toObject)
  const call = chooseShellCall(
    offers.map((tool) => ({
      name: toText(tool['name'], ''),
      schema: toObject(tool['parametersJsonSchema'] ?? tool['parameters']),
    })),
    context.command,
  )
  return call ? { functionCall: { name: call.name, args: call.input } } : { text: answerText }
}
