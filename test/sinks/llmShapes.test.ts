import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages'
import type { ChatRequest } from 'ollama'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { llm } from '../../src/sinks/llm.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { failure, fakeFetch } from './_llm.ts'

// The types of the official clients say what is sent; nothing of them is loaded.
const test = suite('sinks/llm shapes')

/** The body of the request that a model is sent for one error, and its two texts. */
async function bodyFor(model: string, baseUrl?: string): Promise<{ body: unknown; system: string; user: string }> {
  const { fetch, sent } = fakeFetch(() => ({}))
  let texts = { system: '', user: '' }
  const options = { model, apiKey: 'k', fetch, baseUrl, maxTokens: 150 }
  const sink = llm(memorySink(), options)
  sink.write([failure('load')])
  await sink.flush?.()
  const { body } = sent[0]
  const messages = body.messages as { role: string; content: string }[]
  texts = {
    system: (body.system as string | undefined) ?? messages[0].content,
    user: messages[messages.length - 1].content
  }
  return { body, ...texts }
}

test('openai is sent what its client would send', async () => {
  const { body, system, user } = await bodyFor('openai/gpt-4o-mini')
  const messages: ChatCompletionCreateParamsNonStreaming['messages'] = [
    { role: 'system', content: system },
    { role: 'user', content: user }
  ]
  assert.equal(body, {
    model: 'gpt-4o-mini',
    messages,
    max_completion_tokens: 150
  } satisfies ChatCompletionCreateParamsNonStreaming)
  const other = await bodyFor('openai/qwen', 'http://127.0.0.1:1/v1')
  assert.is((other.body as ChatCompletionCreateParamsNonStreaming).max_tokens, 150)
})

test('anthropic is sent what its client would send', async () => {
  const { body, system, user } = await bodyFor('anthropic/claude-haiku-5-5')
  assert.equal(body, {
    model: 'claude-haiku-5-5',
    max_tokens: 150,
    system,
    messages: [{ role: 'user', content: user }]
  } satisfies MessageCreateParamsNonStreaming)
})

test('ollama is sent what its client would send', async () => {
  const { body, system, user } = await bodyFor('ollama/llama3')
  assert.equal(body, {
    model: 'llama3',
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user }
    ],
    stream: false,
    options: { num_predict: 150 }
  } satisfies ChatRequest)
})

test.run()
