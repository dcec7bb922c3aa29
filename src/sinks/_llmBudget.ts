/** US dollars for a million tokens that go in and that come out. */
export type Price = readonly [input: number, output: number]

export interface LlmCaps {
  /** Requests an hour. @default 30 */
  calls?: number
  /** Tokens an hour, in and out. @default 100_000 */
  tokens?: number
  /** US dollars an hour. @default 0.5 */
  cost?: number
}

/** Tokens that went in and came out. */
export interface Usage {
  inputTokens: number
  outputTokens: number
}

/** What was spent on one model. */
export interface LlmCost extends Usage {
  calls: number
  /** US dollars; `unknown` for a model without a price. */
  cost: number | 'unknown'
}

/** Keeps to the caps: what a request may cost at most is set aside before it, what it did cost is booked after it. */
export interface Budget {
  /** Sets aside; undefined when that would go over a cap. */
  reserve(inputBytes: number, maxTokens: number): Booking | undefined
  spent(): Record<string, LlmCost>
}

export interface Booking {
  /** Replaces what was set aside; gives the cost. */
  settle(usage: Usage): LlmCost['cost']
}

// List prices as of November 2026; docs/llm.md says where they are from. They change; `prices` is for that.
const PRICES: Record<string, Price> = {
  'gpt-4o-mini': [0.15, 0.6],
  'gpt-4.1-mini': [0.4, 1.6],
  'gpt-4.1': [2, 8],
  'gpt-5-mini': [0.25, 2],
  'gpt-5': [1.25, 10],
  'gpt-6-luna': [0.1, 0.5],
  'claude-haiku-4-5': [1, 5],
  'claude-haiku-5-5': [0.1, 0.5],
  'claude-sonnet-5-5': [2, 10]
}
// What a model without a price counts as, so that the cap means something for it too.
const DEAR: Price = [15, 75]
const HOUR = 3_600_000
// What a protocol adds around two messages.
const FRAME = 64

/** A version of a model costs as much as the model. A name that only begins alike may cost ten times as much. */
function priceOf(model: string, own: Record<string, Price>): Price | undefined {
  const prices = new Map(Object.entries({ ...PRICES, ...own }))
  return prices.get(model) ?? prices.get(model.replace(/-(latest|\d{8}|\d{4}-\d\d-\d\d)$/, ''))
}

export function createBudget(model: string, isFree: boolean, caps: LlmCaps, own: Record<string, Price>): Budget {
  const { calls = 30, tokens = 100_000, cost = 0.5 } = caps
  const price = priceOf(model, own) ?? (isFree ? [0, 0] : undefined)
  const [inputPrice, outputPrice] = price ?? DEAR
  const total = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0 }
  let hour: { at: number; tokens: number; cost: number }[] = []
  const dollars = (input: number, output: number): number => (input * inputPrice + output * outputPrice) / 1e6
  const known = (sum: number): LlmCost['cost'] => (price ? sum : 'unknown')

  return {
    reserve(inputBytes, maxTokens) {
      const at = performance.now()
      hour = hour.filter((one) => at - one.at < HOUR)
      // No token has less than a byte.
      const input = inputBytes + FRAME
      const booked = { at, tokens: input + maxTokens, cost: dollars(input, maxTokens) }
      const allTokens = hour.reduce((sum, one) => sum + one.tokens, booked.tokens)
      const allCost = hour.reduce((sum, one) => sum + one.cost, booked.cost)
      if (hour.length >= calls || allTokens > tokens || allCost > cost) return undefined
      hour.push(booked)
      total.calls++
      return {
        settle({ inputTokens, outputTokens }) {
          booked.tokens = inputTokens + outputTokens
          booked.cost = dollars(inputTokens, outputTokens)
          total.inputTokens += inputTokens
          total.outputTokens += outputTokens
          total.cost += booked.cost
          return known(booked.cost)
        }
      }
    },
    spent: () => ({ [model]: { ...total, cost: known(total.cost) } })
  }
}
