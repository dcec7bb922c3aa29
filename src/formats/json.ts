import type { Entry } from '../core/types.ts'
import { entryOf, LEVEL_NAMES, OPTIONAL, type Row } from './row.ts'
import { decodeValue, encodeFields, encodeList, encodeValue, quote } from './tagged.ts'
import { isoMicros } from './time.ts'

// What the entries of one function have in common; batches have few functions.
let site: Entry | undefined
let siteText = ''
let paramsText = ''

/**
 * An entry as one line of JSON, without the newline. Never throws and calls no `toJSON`. Times are kept to the microsecond,
 * values without loss (see `tagged.ts`). What is empty or absent is left out, also the clock unless it stood still.
 */
export function toJson(entry: Entry): string {
  const { args, argTypes } = entry
  if (entry.params !== site?.params || entry.functionName !== site.functionName || entry.module !== site.module) {
    siteText = `,"function_name":${quote(entry.functionName)}${entry.module && `,"module":${quote(entry.module)}`}`
    paramsText = entry.params.length > 0 ? `,"params":${encodeList(entry.params, quoteName)}` : ''
    site = entry
  }
  let line = `{"timestamp":"${isoMicros(entry.timestamp)}","level":"${LEVEL_NAMES[entry.level]}"${siteText}`
  if (args.length > 0) line += `,"args":${encodeList(args, encodeValue)}`
  line += paramsText
  if (argTypes.length > 0) line += `,"arg_types":${encodeList(argTypes, quoteName)}`
  return `${line}${encodeOutcome(entry)}${encodePlace(entry)}}`
}

function encodePlace({ kind, spanId, parentId, sequence, clock, open, extra }: Entry): string {
  let text = `,"kind":"${kind}","span_id":${spanId}`
  if (parentId !== 0) text += `,"parent_id":${parentId}`
  text += `,"sequence":${sequence}`
  if (clock === 'frozen') text += ',"clock":"frozen"'
  if (open) text += ',"open":true'
  const fields = encodeFields(extra, encodeValue)
  return fields === '{}' ? text : `${text},"extra":${fields}`
}

/**
 * The entry of a line written by `toJson`, or by the Python package: there `args` is one text, and `kwargs` and whatever else
 * has no place of its own goes to `extra`. Throws when the line is not a JSON object.
 */
export function fromJson(line: string): Entry {
  return entryOf(parseRow(line))
}

function parseRow(line: string): Row {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw new SyntaxError(`[nfo] [json] cannot read a line: ${(error as Error).message}; give one JSON object a line`)
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new SyntaxError('[nfo] [json] cannot read a line: it is not an object; give one JSON object a line')
  }
  return (line.includes('"$') ? decodeValue(row) : row) as Row
}
