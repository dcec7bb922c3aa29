import type { Logger } from '../../src/core/logger.ts'
import type { LoggerOptions } from '../../src/core/options.ts'
import { toJson } from '../../src/formats/json.ts'
import { consoleSink } from '../../src/sinks/console.ts'
import { jsonSink } from '../../src/sinks/json.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { printed } from '../sinks/_runtime.ts'
import { lab } from './_lab.ts'

export const CANARY = 'c4n4ry-Zw7qLx'

/** How often a text occurs in bytes, as UTF-8 or as UTF-16. */
export function hitsIn(bytes: Uint8Array, text: string = CANARY): number {
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const wide = [...text].join('\0')
  return latin.split(text).length + latin.split(wide).length - 2
}

export interface Spill {
  /** Hits in the bytes of the ring. */
  ring: number
  /** Hits in what came out of memory, JSON lines, and the console in both formats, by sink. */
  outputs: Record<string, number>
  /** All of it, to tell that something was there at all. */
  text: string
}

const count = (text: string, what: string): number => text.split(what).length - 1

/** Runs something under a logger with every sink there is, and counts where a text came out. */
export async function spillOf(
  act: (logger: Logger) => unknown,
  what: string = CANARY,
  options: LoggerOptions = {}
): Promise<Spill> {
  const memory = memorySink()
  const lines: string[] = []
  let ring = 0
  let dump = ''
  let pretty: string[] = []
  const json = await printed({}, async () => {
    pretty = await printed({}, async () => {
      const sinks = [memory, jsonSink((text) => lines.push(text)), consoleSink({ format: 'pretty', colour: false })]
      const { logger } = lab({ ...options, sinks })
      await act(logger)
      logger.flushSync()
      dump = logger.dump().map(toJson).join('\n')
      ring = hitsIn(new Uint8Array(logger.recorder.u8.buffer.slice(0)), what)
    })
    consoleSink({ format: 'json' }).write(memory.entries())
  })
  const texts: Record<string, string> = {
    memory: memory.entries().map(toJson).join('\n'),
    json: lines.join(''),
    pretty: pretty.join('\n'),
    consoleJson: json.join('\n'),
    dump
  }
  const outputs = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, count(text, what)]))
  return { ring, outputs, text: Object.values(texts).join('\n') }
}

export const total = ({ outputs }: Spill): number => Object.values(outputs).reduce((sum, hits) => sum + hits, 0)
