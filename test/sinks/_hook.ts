import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Entry } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

/** What a server does with the request of that number, from 0 on. */
export type Answer = (response: ServerResponse, index: number, request: IncomingMessage) => void

export interface Post {
  at: number
  body: string
  /** Whether the answer was 2xx. */
  accepted: boolean
}

export interface HookServer {
  url: string
  posts: Post[]
  /** What was accepted, as the JSON it was. */
  accepted(): Received[][]
  close(): Promise<void>
}

/** An alert as the format `json` sends it. */
export interface Received {
  count: number
  total: number
  exception: string
  sequence: number
}

export const ok: Answer = (response) => void response.end('ok')

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end('no')

/** A server on this machine that takes posts. */
export async function hookServer(answer: Answer = ok): Promise<HookServer> {
  const posts: Post[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const at = performance.now()
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const post: Post = { at, body: Buffer.concat(chunks).toString('utf8'), accepted: false }
      const index = posts.push(post) - 1
      const { writeHead, end } = response
      const note = (): void => void (post.accepted = response.statusCode < 300)
      response.writeHead = function writeHeadAndNote(...given: Parameters<typeof writeHead>) {
        const result = writeHead.apply(response, given)
        note()
        return result
      } as typeof writeHead
      response.end = function endAndNote(...given: Parameters<typeof end>) {
        note()
        return end.apply(response, given)
      } as typeof end
      answer(response, index, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/services/T000/B000/SECRET`,
    posts,
    accepted: () => posts.filter(({ accepted }) => accepted).map(({ body }) => JSON.parse(body) as Received[]),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    }
  }
}

/** A port that nothing listens at. */
export async function closedUrl(): Promise<string> {
  const server = await hookServer()
  await server.close()
  return server.url
}

export const failure = (exception: string, overrides: Partial<Entry> = {}): Entry =>
  entry({
    level: 'error',
    exceptionType: 'TypeError',
    exception,
    traceback: `TypeError: ${exception}\n    at price`,
    ...overrides
  })

export const failures = (count: number, from = 0): Entry[] =>
  Array.from({ length: count }, (_, index) => failure(`no ${from + index}`, { sequence: from + index }))

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs a task with a server, which is closed whatever becomes of it. */
export async function withServer(answer: Answer, task: (server: HookServer) => Promise<void>): Promise<void> {
  const server = await hookServer(answer)
  try {
    await task(server)
  } finally {
    await server.close()
  }
}

/** The first arguments of the entries that a server has accepted, where bodies are lists of entries. */
export const textsOf = (server: HookServer): string[] =>
  (server.accepted().flat() as unknown as { args: string[] }[]).map(({ args }) => args[0])
