import type { RecordEnd, RecordHeader } from './file.ts'
import type { Scan } from './scan.ts'

const REASONS: readonly unknown[] = ['closed', 'exit', 'error', 'signal', 'hidden']

/** The newest header that is whole. What in it is not as it should be is left out. */
export function readHeader({ bytes, headers }: Pick<Scan, 'bytes' | 'headers'>): RecordHeader | undefined {
  const chunk = headers.at(-1)
  const fields = chunk && parse(new TextDecoder().decode(bytes.subarray(chunk.at, chunk.at + chunk.length)))
  if (!fields) return undefined
  const { nfo, runtime, environment, version } = fields
  return {
    nfo: text(nfo),
    runtime: text(runtime),
    format: number(fields.format),
    pid: number(fields.pid),
    started: number(fields.started),
    size: number(fields.size),
    ring: number(fields.ring),
    interval: number(fields.interval),
    environment: text(environment) || undefined,
    version: text(version) || undefined,
    end: readEnd(fields.end)
  }
}

function readEnd(given: unknown): RecordEnd | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { reason, time, blocks, entries } = given as Record<string, unknown>
  if (!REASONS.includes(reason)) return undefined
  return { reason: reason as RecordEnd['reason'], time: number(time), blocks: number(blocks), entries: number(entries) }
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (Number.isFinite(value) ? (value as number) : 0)
