// A stand-in for the model APIs on loopback, so that real tools can really be used without a network: Anthropic
// messages, OpenAI responses and chat completions, Gemini. It asks for one shell tool call and then says "done".
// The first parts of a path may change that: `/refuse/401/…` refuses every request with that status, so that an
// attempt without an answer can be made; `/sleep/5/…` lets the shell tool call last five seconds. Must listen on
// loopback only, and keeps nothing of a request but its time, path, model and the names of the tools it offers.
//
// As a program: node mock-llm.ts [PORT] [LOGFILE] prints its base address as one line when it listens.
import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'

import { answerAnthropic } from './lab/model-apis/anthropic.ts'
import { answerGemini } from './lab/model-apis/gemini.ts'
import { answerOpenAiChat } from './lab/model-apis/openai-chat.ts'
import { answerOpenAiResponses } from './lab/model-apis/openai-responses.ts'
import type { AnswerContext, JsonObject, Reply } from './lab/model-apis/request.ts'
import { jsonReply, toList, toObject } from './lab/model-apis/request.ts'

export interface SeenRequest {
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly model: unknown
  readonly tools: readonly unknown[]
}

export interface MockLlm {
  /** Base address, without a slash at its end. */
  readonly url: string
  readonly close: () => Promise<void>
}

interface Route {
  readonly path: string
  readonly refuseStatus: number | undefined
  readonly sleepSeconds: number
}

const defaultSleepSeconds = 2

/** Starts the stand-in on 127.0.0.1. `port` 0 takes a free one; `seen` is told of every request. */
export async function startMockLlm(port: number, seen: (request: SeenRequest) => void): Promise<MockLlm> {
  const server = createServer((request, response) => {
    void serve(request, response, seen)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { url: addressOf(server), close: () => close(server) }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  seen: (request: SeenRequest) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const body = parseBody(Buffer.concat(chunks).toString())
  const route = parseRoute(request.url ?? '/')
  const reply = answer(route, body)
  const method = request.method ?? ''
  seen({
    at: new Date().toISOString(),
    method,
    path: request.url ?? '/',
    status: reply.status,
    model: body['model'],
    tools: offeredNames(body),
  })
  response.writeHead(reply.status, { 'content-type': reply.contentType, 'cache-control': 'no-cache' })
  response.end(method === 'HEAD' ? undefined : reply.body)
}

/** Takes the leading `/refuse/STATUS` and `/sleep/SECONDS` off a path. */
export function parseRoute(url: string): Route {
  let path = url
  let refuseStatus: number | undefined
  let sleepSeconds = defaultSleepSeconds
  for (;;) {
    const found = /^\/(refuse|sleep)\/(\d+)(?=\/|$)/u.exec(path)
    if (!found) return { path, refuseStatus, sleepSeconds }
    if (found[1] === 'refuse') refuseStatus = Number(found[2])
    else sleepSeconds = Number(found[2])
    path = path.slice(found[0].length)
  }
}

function answer(route: Route, body: JsonObject): Reply {
  if (route.refuseStatus !== undefined) return refusal(route.refuseStatus)
  const context: AnswerContext = {
    command: `echo lab-tool-call; sleep ${route.sleepSeconds}`,
    newId: (prefix) => prefix + randomBytes(8).toString('hex'),
    nowSeconds: Math.floor(Date.now() / 1000),
  }
  const { path } = route
  if (path.includes('/count_tokens')) return jsonReply({ input_tokens: 10 })
  if (path.includes('/messages')) return answerAnthropic(body, context)
  if (path.includes('/responses')) return answerOpenAiResponses(body, context)
  if (path.includes('/chat/completions')) return answerOpenAiChat(body, context)
  if (path.includes(':streamGenerateContent')) return answerGemini(body, context, true)
  if (path.includes(':generateContent')) return answerGemini(body, context, false)
  if (path.includes(':countTokens')) return jsonReply({ totalTokens: 10 })
  if (path.includes('/models'))
    return jsonReply({ object: 'list', data: [{ id: 'lab-model', object: 'model' }] })
  return refusal(404)
}

/** One body that the error handling of all four APIs understands. */
function refusal(status: number): Reply {
  const type = status === 401 ? 'authentication_error' : status < 500 ? 'not_found_error' : 'api_error'
  const message = 'refused by the lab'
  return jsonReply({ type: 'error', error: { type, message, code: status, status: 'LAB' } }, status)
}

function parseBody(text: string): JsonObject {
  try {
    return toObject(JSON.parse(text))
  } catch {
    return {} // an empty or compressed body is no failure here: the path alone decides
  }
}

function offeredNames(body: JsonObject): unknown[] {
  return toList(body['tools'])
    .map(toObject)
    .flatMap((tool) => [
      tool,
      toObject(tool['function']),
      ...toList(tool['functionDeclarations']).map(toObject),
    ])
    .map((tool) => tool['name'])
    .filter((name) => name !== undefined)
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stand-in listens on no TCP port')
  return `http://127.0.0.1:${address.port}`
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
  })
}

if (import.meta.main) {
  const logFile = process.argv[3]
  const log = (request: SeenRequest) => {
    if (logFile) appendFileSync(logFile, `${JSON.stringify(request)}\n`)
  }
  const mock = await startMockLlm(Number(process.argv[2] ?? 0), log)
  process.stdout.write(`${mock.url}\n`)
}
