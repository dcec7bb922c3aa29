import { rejectUnknown } from '../core/options.ts'

/** Throws for an option that is not known. */
export function checkNames(part: string, options: object, known: readonly string[]): void {
  rejectUnknown(part, 'option', Object.keys(options), known)
}

/** Throws for a number that is not within the limits; undefined passes. */
export function checkNumber(part: string, name: string, value: number | undefined, least: number, most?: number): void {
  if (value === undefined || (value >= least && !(most !== undefined && value > most))) return
  throw new RangeError(
    `[nfo] [${part}] ${name} is ${value}; use ${least} ${most === undefined ? 'or more' : `to ${most}`}`
  )
}
