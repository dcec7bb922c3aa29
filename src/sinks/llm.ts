import { redactShapes } from '../core/redact.ts'
import type { Entry, Level, Sink } from '../core/types.ts'
import { clip, inspectValue } from '../formats/inspect.ts'
import { type LlmPrompt, llmPrompt } from '../formats/llmPrompt.ts'
import { runtime } from '../runtimes/generic.ts'
import { type Asking, ask } from './_llmAsk.ts'
import { createBudget, type LlmCaps, type LlmCost, type Price } from './_llmBudget.ts'
import { providerOf } from './_llmProviders.ts'

export type { LlmPrompt } from '../formats/llmPrompt.ts'
export type { LlmCaps, LlmCost, Price } from './_llmBudget.ts'

export interface LlmOptions {
  /**
   * `openai/gpt-4o-mini`, `anthropic/claude-3-5-haiku-latest`, `ollama/llama3`, or `http://host:8000/v1#name` for what speaks
   * as OpenAI does.
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
  /** Longest answer, in tokens. @default 200 */
  maxTokens?: number
  /** Most that is spent in an hour. */
  caps?: LlmCaps
  /** Dollars for a million tokens, by the beginning of a model's name; they go before the table that comes with nfo. */
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
  /** What became of the errors. `known`: asked about before; `skipped`: over a cap, too many at once, or after a failure. */
  counts(): LlmCounts
}

export interface LlmCounts {
  asked: number
  answered: number
  failed: number
  known: number
  skipped: number
}

interface Analysis {
  text: string
  facts: Record<string, unknown>
}

const REMEMBERED = 500
const LONGEST = 4000
// After a failure nothing is asked for that long.
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
  const give = inTurn(next)
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
    if (!known) return entry
    return { ...entry, llmAnalysis: known.text, extra: { ...entry.extra, llm: { ...known.facts, known: true } } }
  }

  async function work(): Promise<void> {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const key = keyOf(entry)
      const analysis = await analyse(entry).catch(failed)
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
    asking = ask({ url: provider.url, headers: provider.headers, body, timeout, fetch: options.fetch })
    const { status, text, code } = await asking.reply
    asking = undefined
    if (closed) return undefined
    if (status !== 200) throw new Error(status ? `answered ${status}` : `gave no answer (${code})`)
    const answer = provider.read(text as string)
    if (!answer) throw new Error('gave no answer that can be read')
    const { inputTokens, outputTokens } = answer
    const cost = booking.settle(inputTokens, outputTokens)
    const durationMs = Math.round(performance.now() - began)
    const facts = { model: provider.model, inputTokens, outputTokens, cost, durationMs }
    return { text: clip(redactShapes(answer.text.trim()), LONGEST), facts }
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

  function failed(error: unknown): undefined {
    counts.failed++
    pausedUntil = performance.now() + PAUSE
    const { origin } = new URL(provider.url)
    runtime.print('stderr', `[nfo] [llm] ${origin} ${(error as Error).message}; errors are not analysed for a minute`)
  }

  async function flushAll(): Promise<void> {
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
    flush: () => (working ? flushAll() : next.flush?.()),
    close() {
      closed = true
      counts.skipped += waiting.splice(0).length
      asking?.stop()
      return next.close?.()
    },
    costs: budget.spent,
    counts: () => ({ ...counts })
  }
  if (next.flushSync) sink.flushSync = () => next.flushSync?.()
  return sink
}

/** Writes one batch at a time, as a sink expects it, and at once when it is idle. */
function inTurn(next: Sink): Sink['write'] {
  let busy: Promise<void> | undefined
  return function give(entries): void | Promise<void> {
    if (busy) return busy.then(() => give(entries))
    const answer = next.write(entries) as Promise<void> | undefined
    if (typeof answer?.then !== 'function') return
    const end = (): void => {
      busy = undefined
    }
    busy = answer.then(end, end)
    return answer
  }
}

/** The same for errors that differ in numbers only, such as a port or an id. */
function keyOf({ kind, module, functionName, exceptionType, exception, traceback, args }: Entry): string {
  const what = exception ?? (kind === 'message' ? inspectValue(args[0], 200) : '')
  const frame = traceback?.split('\n').find((line) => /:\d+:\d+/.test(line)) ?? ''
  return [module, functionName, exceptionType, what.replace(/\d+/g, '#'), frame.trim()].join('\n')
}

// What was the error's, not the message's.
const OWN = ['open', 'exception', 'exceptionType', 'traceback', 'returnValue', 'returnType', 'durationMs'] as const

/** It has the sequence and the span of the error, so that the two are found together. */
function messageOf(entry: Entry, { text, facts }: Analysis): Entry {
  const message: Entry = {
    ...entry,
    kind: 'message',
    level: 'info',
    timestamp: Date.now(),
    params: [],
    args: [text],
    argTypes: ['string'],
    llmAnalysis: text,
    extra: { llm: facts }
  }
  for (const name of OWN) delete message[name]
  return message
}

// 128 bits.
const randomMark = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-')
