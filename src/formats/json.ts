import type { Entry } from '../core/types.ts'
import { entryOf, LEVEL_NAMES, OPTIONAL, type Row } from './row.ts'
import { decodeValue, encodeFields, encodeList, encodeValue, quote } from './tagged.ts'
import { isoMicros } from './time.ts'

/**
 * An entry as one line of JSON, without the newline. Never throws and calls no `toJSON`. Times are kept to the microsecond,
 * values without loss (see `tagged.ts`). What is empty or absent is left out, also the clock unless it stood still.
 */
export function toJson(entry: Entry): string {
  const { module, args, params, argTypes } = entry
  let line = `{"timestamp":"${isoMicros(entry.timestamp)}","level":"${LEVEL_NAMES[entry.level]}"`
  line += `,"function_name":${quote(entry.functionName)}`
  if (module !== '') line += `,"module":${quote(module)}`
  if (args.length > 0) line += `,"args":${encodeList(args, encodeValue)}`
  if (params.length > 0) line += `,"params":${encodeList(params, encodeValue)}`
  if (argTypes.length > 0) line += `,"arg_types":${encodeList(argTypes, encodeValue)}`
  for (const [column, field] of OPTIONAL) {
    const value = entry[field]
    if (value !== undefined) line += `,"${column}":${encodeValue(value)}`
  }
  return `${line}${encodePlace(entry)}}`
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
