import type { LlmPrompt } from '../formats/llmPrompt.ts'
import { runtime } from '../runtimes/generic.ts'
import type { Usage } from './_llmBudget.ts'

/** What a model answered. */
export interface LlmAnswer extends Usage {
  text: string
}

/** One protocol at one place, for one model. */
export interface Provider {
  readonly model: string
  readonly url: string
  readonly headers: Record<string, string>
  body(prompt: LlmPrompt, maxTokens: number): unknown
  /** Undefined when it is not what the protocol says. The text may be empty. */
  read(answer: string): LlmAnswer | undefined
}

export interface ProviderOptions {
  model: string
  baseUrl?: string
  apiKey?: string
}

interface OpenAiAnswer {
  choices: { message: { content: string | null } }[]
  usage?: { prompt_tokens: number; completion_tokens: number }
}
interface AnthropicAnswer {
  content: { type: string; text?: string }[]
  usage: { input_tokens: number; output_tokens: number }
}
interface OllamaAnswer {
  message: { content: string }
  prompt_eval_count?: number
  eval_count?: number
}

interface Protocol {
  base: string
  path: string
  /** The variable that holds its key. */
  key?: string
  headers(key: string): Record<string, string>
  body(model: string, prompt: LlmPrompt, maxTokens: number, isOfficial: boolean): unknown
  read(answer: never): LlmAnswer
}

const turns = ({ system, user }: LlmPrompt): unknown[] => [
  { role: 'system', content: system },
  { role: 'user', content: user }
]

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })

const PROTOCOLS: Record<string, Protocol> = {
  openai: {
    base: 'https://api.openai.com/v1',
    path: '/chat/completions',
    key: 'OPENAI_API_KEY',
    headers: bearer,
    // OpenAI refuses the old name for newer models, others do not know the new one.
    body: (model, prompt, maxTokens, isOfficial) => ({
      model,
      messages: turns(prompt),
      [isOfficial ? 'max_completion_tokens' : 'max_tokens']: maxTokens
    }),
    read: ({ choices, usage }: OpenAiAnswer) => ({
      text: choices[0].message.content ?? '',
      inputTokens: usage?.prompt_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0
    })
  },
  anthropic: {
    base: 'https://api.anthropic.com',
    path: '/v1/messages',
    key: 'ANTHROPIC_API_KEY',
    headers: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    body: (model, { system, user }, maxTokens) => ({
      model,
      max_tokens: maxTokens,
      system,
      messages: [{ role: 'user', content: user }]
    }),
    read: ({ content, usage }: AnthropicAnswer) => ({
      text: content.map(({ text }) => text ?? '').join(''),
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens
    })
  },
  ollama: {
    base: 'http://127.0.0.1:11434',
    path: '/api/chat',
    headers: bearer,
    body: (model, prompt, maxTokens) => ({
      model,
      messages: turns(prompt),
      stream: false,
      options: { num_predict: maxTokens }
    }),
    read: ({ message, prompt_eval_count = 0, eval_count = 0 }: OllamaAnswer) => ({
      text: message.content,
      inputTokens: prompt_eval_count,
      outputTokens: eval_count
    })
  }
}

/** Reads `openai/NAME`, `anthropic/NAME`, `ollama/NAME`, or `http://host/v1#NAME` for what speaks as OpenAI does. */
export function providerOf({ model: spec, baseUrl, apiKey }: ProviderOptions, needsKey: boolean): Provider {
  const [, address, service, model] = /^(?:(https?:[^#]+)#|(openai|anthropic|ollama)\/)?(.+)/.exec(spec) ?? []
  const base = baseUrl ?? address
  const { key, ...protocol } = PROTOCOLS[service ?? 'openai']
  const place = base ?? protocol.base
  if (!model || !(base ?? service) || !URL.canParse(place)) {
    const known = "'openai/NAME', 'anthropic/NAME', 'ollama/NAME', 'http://HOST/v1#NAME'"
    throw new TypeError(`[nfo] [llm] no model '${spec}' at ${place}; use ${known}`)
  }
  // A key from the environment goes to the service it is for, nowhere else.
  const secret = apiKey ?? (key && !base ? runtime.env(key) : undefined)
  if (!secret && key && !base && needsKey) {
    const flag = runtime.name === 'deno' ? ` and run Deno with --allow-env=${key},` : ''
    throw new TypeError(`[nfo] [llm] no API key for ${service}; set ${key}${flag} or pass apiKey`)
  }
  return {
    model,
    url: place.replace(/\/$/, '') + protocol.path,
    headers: { 'content-type': 'application/json', ...(secret && protocol.headers(secret)) },
    body: (prompt, maxTokens) => protocol.body(model, prompt, maxTokens, !base),
    read(answer) {
      try {
        return protocol.read(JSON.parse(answer) as never)
      } catch {
        return undefined
      }
    }
  }
}
