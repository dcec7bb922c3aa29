import type { Entry, Stage } from '../core/types.ts'
import type { LlmOptions } from '../sinks/llm.ts'
import { loadedLater } from './behind.ts'
import type { Levels } from './levels.ts'

export interface FrontOptions {
  sample?: number
  stages?: readonly Stage[]
  llm?: string | LlmOptions
}

/** The stages that all sinks have in front of them. */
export function frontOf(levels: Levels, { sample = 1, stages = [], llm }: FrontOptions): Stage[] {
  return [levels.stage, ...(sample === 1 ? [] : [share(sample)]), ...stages, ...(llm ? [llmStage(llm)] : [])]
}

// Milliseconds; such calls are always kept.
const SLOW = 1000

function share(rate: number): Stage {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`[nfo] [configure] sample is ${rate}; use a share from 0 to 1`)
  const isKept = ({ level, durationMs = 0 }: Entry): boolean =>
    level === 'error' || level === 'fatal' || durationMs >= SLOW || Math.random() < rate
  return (next) => ({ write: (entries) => next.write(entries.filter(isKept)) })
}

function llmStage(given: string | LlmOptions): Stage {
  const options = typeof given === 'string' ? { model: given } : given
  return loadedLater('llm', async () => {
    const { llm } = await import('../sinks/llm.ts')
    return (next) => llm(next, options)
  })
}
