import type { Message, Usage } from '@anthropic-ai/sdk/resources/messages'
import type { ChatResponse } from 'ollama'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import type { Entry } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

/** An error that no other one is like. */
export function failure(name: string, overrides: Partial<Entry> = {}): Entry {
  return entry({
    level: 'error',
    functionName: name,
    exception: `no such table: ${name}`,
    exceptionType: 'DatabaseError',
    traceback: `DatabaseError: no such table: ${name}\n    at ${name} (file:///app/db.ts:10:5)`,
    ...overrides
  })
}

type AnthropicAnswer = Pick<Message, 'id' | 'type' | 'role' | 'model' | 'content' | 'stop_reason' | 'stop_sequence'> & {
  usage: Pick<Usage, 'input_tokens' | 'output_tokens'>
}
type OllamaAnswer = Pick<
  ChatResponse,
  'model' | 'message' | 'done' | 'done_reason' | 'prompt_eval_count' | 'eval_count'
>

interface Answers {
  openai(text: string): ChatCompletion
  anthropic(text: string): AnthropicAnswer
  ollama(text: string): OllamaAnswer
}

/** What the three services answer; the types are those of their own clients. */
export const answers: Answers = {
  openai: (text) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o-mini',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        logprobs: null,
        message: { role: 'assistant', content: text, refusal: null }
      }
    ],
    usage: { prompt_tokens: 200, completion_tokens: 40, total_tokens: 240 }
  }),
  anthropic: (text) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-5-5',
    content: [{ type: 'text', text, citations: null }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 200, output_tokens: 40 }
  }),
  ollama: (text) => ({
    model: 'llama3',
    message: { role: 'assistant', content: text },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 200,
    eval_count: 40
  })
}

export interface Sent {
  url: string
  headers: Headers
  body: Record<string, unknown>
  text: string
}

/** A fetch that keeps what it is given and answers what it is told. */
export function fakeFetch(answer: (sent: Sent) => unknown | Promise<unknown>): {
  fetch: typeof globalThis.fetch
  sent: Sent[]
} {
  const sent: Sent[] = []
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const text = String(init?.body)
    const one = { url: String(url), headers: new Headers(init?.headers), body: JSON.parse(text), text }
    sent.push(one)
    const reply = await answer(one)
    return reply instanceof Response ? reply : new Response(JSON.stringify(reply))
  }
  return { fetch: fetch as typeof globalThis.fetch, sent }
}
