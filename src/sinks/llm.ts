import { redactShapes } from '../core/redact.ts'
import type { Entry, Level, Sink } from '../core/types.ts'
import { clip } from '../formats/inspect.ts'
import { type LlmPrompt, llmPrompt } from '../formats/llmPrompt.ts'
import { runtime } from '../runtimes/generic.ts'
import { inTurn } from './_inTurn.ts'
import { type Asking, ask } from './_llmAsk.ts'
import { createBudget, type LlmCaps, type LlmCost, type Price } from './_llmBudget.ts'
import { type Analysis, keyOf, messageOf, withAnalysis } from './_llmEntry.ts'
import { providerOf } from './_llmProviders.ts'
import { retryAfter } from './_retryAfter.ts'

export type { LlmPrompt } from '../formats/llmPrompt.ts'
export type { LlmCaps, LlmCost, Price } from './_llmBudget.ts'

export interface LlmOptions {
  /**
   * `openai/gpt-4o-mini`, `anthropic/claude-haiku-5-5`, `ollama/llama3`, or `http://host:8000/v1#name` for what speaks as
   * OpenAI does.
   */
  model: string
  /** Where the service is, without the path of the protocol. @default the service's own; Ollama: http://127.0.0.1:11434 */
  baseUrl?: string
  /** @default OPENAI_API_KEY or ANTHROPIC_API_KEY; with another address, none */
  apiKey?: string
  /** Which entries are asked about. @default ['error', 'fatal'] */
  levels?: readonly Level[]
  /** The first sentence of the instructions. That the record is data follows in any case. @default to find the root cause */
  instructions?: string
  /** Longest answer, in tokens. A model that thinks before it answers needs more, say 2000. @default 200 */
  maxTokens?: number
  /** Most that is spent in an hour. */
  caps?: LlmCaps
  /** Dollars for a million tokens, by the model's name; they go before the table that comes with nfo. */
  prices?: Record<string, Price>
  /** Longest time for one answer, in milliseconds. @default 30_000 */
  timeout?: number
  /** Errors that may wait to be asked about; more are passed on without. @default 20 */
  queue?: number
  /** Sends nothing: prints each prompt to stderr, or gives it to a function. @default false */
  dryRun?: boolean | ((prompt: LlmPrompt) => void)
  /** Another `fetch`, such as one with a proxy. A request by it keeps the process alive until it is answered. */
  fetch?: typeof globalThis.fetch
}

export interface LlmSink extends Sink {
  /** What was spent so far, by model. */
  costs(): Record<string, LlmCost>
  /**
   * What became of the errors. `known`: asked about before; `skipped`: over a cap, too many at once, or while the service
   * is left alone after a failure.
   */
  counts(): LlmCounts
}

export interface LlmCounts {
  asked: number
  answered: number
  failed: number
  known: number
  skipped: number
}

const REMEMBERED = 500
const LONGEST = 4000
// After a failure nothing is asked for that long, unless the service says how long.
const PAUSE = 60_000

/**
 * Asks a language model for the root cause of each error. Every entry goes on to `next` at once; the analysis follows when it
 * comes, as a message of level `info` with the error's function, span and sequence, its text in `llmAnalysis`, and model, tokens and
 * cost in `extra.llm`. An error that was asked about before goes on with its `llmAnalysis` right away. What looks like a secret
 * never leaves; the record is marked as data. A failure is one line on stderr, and no entry is lost by it. The process does not
 * wait for a model, `flush` does. Throws for an unknown model, a missing key, or wrong numbers.
 *
 * @example
 *     configure({ sinks: [llm(sqliteSink('app.db'), { model: 'openai/gpt-4o-mini', caps: { cost: 0.1 } })] })
 */
export function llm(next: Sink, options: LlmOptions): LlmSink {
  const { levels = ['error', 'fatal'], maxTokens = 200, timeout = 30_000, queue = 20, dryRun = false } = options
  for (const [name, value] of Object.entries({ maxTokens, timeout, queue, ...options.caps })) {
    if (!(value >= 0)) throw new RangeError(`[nfo] [llm] ${name} is ${value}; use a number from 0 up`)
  }
  const provider = providerOf(options, !dryRun)
  const isFree = options.model.startsWith('ollama/')
  const budget = createBudget(provider.model, isFree, options.caps ?? {}, options.prices ?? {})
  const counts: LlmCounts = { asked: 0, answered: 0, failed: 0, known: 0, skipped: 0 }
  const { give, rush } = inTurn(next)
  /** By what an error is; undefined while it is asked about. */
  const analyses = new Map<string, Analysis | undefined>()
  const waiting: Entry[] = []
  let asking: Asking | undefined
  let working: Promise<void> | undefined
  let pausedUntil = 0
  let closed = false

  const isPaused = (): boolean => closed || performance.now() < pausedUntil

  /** Gives an error that is known what is known of it, and lines up one that is not. */
  function consider(entry: Entry): Entry {
    if (!levels.includes(entry.level) || entry.llmAnalysis !== undefined) return entry
    const key = keyOf(entry)
    const known = analyses.get(key)
    if (known || analyses.has(key)) counts.known++
    else if (isPaused() || waiting.length >= queue) counts.skipped++
    else {
      analyses.set(key, undefined)
      waiting.push(entry)
    }
    return known ? withAnalysis(entry, known) : entry
  }

  async function work(): Promise<void> {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const key = keyOf(entry)
      const analysis = await analyse(entry).catch((error) => failed(`could not be asked (${error?.message})`))
      if (analysis) await follow(entry, key, analysis)
      // An error that was not answered may be asked about again.
      else if (!dryRun) analyses.delete(key)
    }
    working = undefined
  }

  async function analyse(entry: Entry): Promise<Analysis | undefined> {
    const prompt = llmPrompt(entry, randomMark(), options.instructions)
    if (dryRun) return show(prompt)
    const body = JSON.stringify(provider.body(prompt, maxTokens))
    const booking = isPaused() ? undefined : budget.reserve(new TextEncoder().encode(body).length, maxTokens)
    if (!booking) {
      counts.skipped++
      return undefined
    }
    counts.asked++
    const began = performance.now()
    const { url, headers, model } = provider
    asking = ask({ url, headers, body, timeout, fetch: options.fetch })
    const { status, text, after, code } = await asking.reply
    asking = undefined
    if (closed) {
      counts.failed++
      return undefined
    }
    if (code === 'NotCapable') return failed(`may not be reached: run Deno with --allow-net=${new URL(url).host}`)
    if (status !== 200) return failed(status ? `answered ${status}` : `gave no answer (${code})`, retryAfter(after))
    const answer = provider.read(text as string)
    if (!answer) return failed('gave no answer that can be read')
    const { text: said, ...usage } = answer
    const facts = { model, ...usage, cost: booking.settle(usage), durationMs: Math.round(performance.now() - began) }
    if (said.trim()) return { text: clip(redactShapes(said.trim()), LONGEST), facts }
    return failed(`gave ${usage.outputTokens} tokens and no text; raise maxTokens if the model thinks first`)
  }

  async function follow(entry: Entry, key: string, analysis: Analysis): Promise<void> {
    counts.answered++
    analyses.set(key, analysis)
    const [oldest] = analyses.keys()
    if (analyses.size > REMEMBERED) analyses.delete(oldest)
    try {
      await give([messageOf(entry, analysis)])
    } catch (error) {
      runtime.print('stderr', `[nfo] [llm] ${(error as Error)?.message}; an analysis is lost`)
    }
  }

  function show(prompt: LlmPrompt): undefined {
    if (typeof dryRun === 'function') dryRun(prompt)
    else runtime.print('stderr', `[nfo] [llm] ${provider.model} would be asked:\n${prompt.system}\n\n${prompt.user}`)
  }

  function failed(why: string, pause: number = PAUSE): undefined {
    counts.failed++
    pausedUntil = performance.now() + pause
    const rest = `errors are not analysed for ${Math.ceil(pause / 1000)} s`
    runtime.print('stderr', `[nfo] [llm] ${new URL(provider.url).origin} ${why}; ${rest}`)
  }

  async function flush(): Promise<void> {
    await next.flush?.()
    if (!working) return
    // Neither a thread nor its timer would keep the process alive.
    const hold = setInterval(() => {}, 1000)
    while (working) await working
    clearInterval(hold)
    await next.flush?.()
  }

  const sink: LlmSink = {
    write(entries) {
      try {
        return give(entries.map(consider))
      } finally {
        if (waiting.length > 0) working ??= Promise.resolve().then(work)
      }
    },
    flush,
    close() {
      closed = true
      counts.skipped += waiting.splice(0).length
      asking?.stop()
      rush()
      return next.close?.()
    },
    costs: budget.spent,
    counts: () => ({ ...counts })
  }
  if (next.flushSync) {
    sink.flushSync = () => {
      rush()
      next.flushSync?.()
    }
  }
  return sink
}

// 128 bits.
const randomMark = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-')
