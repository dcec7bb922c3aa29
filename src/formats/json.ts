import type { Entry } from '../core/types.ts'
import { entryOf, LEVEL_NAMES, type Row } from './row.ts'
import { decodeValue, encodeFields, encodeList, encodeValue, quote } from './tagged.ts'
import { isoMicros } from './time.ts'

// What the entries of one function have in common: a batch has few functions, and this is a quarter of the work.
let lastParams: readonly string[] | undefined
let lastName = ''
let lastModule = ''
let nameText = ''
let paramsText = ''

/**
 * An entry as one line of JSON, without the newline. Never throws and calls no `toJSON`. Times are kept to the microsecond,
 * values without loss (see `tagged.ts`). What is empty or absent is left out, also the clock unless it stood still.
 */
export function toJson(entry: Entry): string {
  const { functionName, module, args, params, argTypes } = entry
  if (params !== lastParams || functionName !== lastName || module !== lastModule) {
    nameText = `,"function_name":${quote(functionName)}${module && `,"module":${quote(module)}`}`
    paramsText = params.length > 0 ? `,"params":${encodeList(params, encodeValue)}` : ''
    lastParams = params
    lastName = functionName
    lastModule = module
  }
  let line = `{"timestamp":"${isoMicros(entry.timestamp)}","level":"${LEVEL_NAMES[entry.level]}"${nameText}`
  if (args.length > 0) line += `,"args":${encodeList(args, encodeValue)}`
  line += paramsText
  if (argTypes.length > 0) line += `,"arg_types":${encodeList(argTypes, encodeValue)}`
  return `${line}${encodeOutcome(entry)}${encodePlace(entry)}}`
}

// Not a loop over their names: reading by computed names costs as much as all the rest.
function encodeOutcome(entry: Entry): string {
  const { returnValue, returnType, exception, durationMs, environment, version, traceId, llmAnalysis } = entry
  let text = ''
  if (returnValue !== undefined) text += `,"return_value":${encodeValue(returnValue)}`
  if (returnType !== undefined) text += `,"return_type":${encodeValue(returnType)}`
  if (exception !== undefined) text += `,"exception":${encodeValue(exception)}`
  if (entry.exceptionType !== undefined) text += `,"exception_type":${encodeValue(entry.exceptionType)}`
  if (entry.traceback !== undefined) text += `,"traceback":${encodeValue(entry.traceback)}`
  if (durationMs !== undefined) text += `,"duration_ms":${encodeValue(durationMs)}`
  if (environment !== undefined) text += `,"environment":${encodeValue(environment)}`
  if (version !== undefined) text += `,"version":${encodeValue(version)}`
  if (traceId !== undefined) text += `,"trace_id":${encodeValue(traceId)}`
  if (llmAnalysis !== undefined) text += `,"llm_analysis":${encodeValue(llmAnalysis)}`
  return text
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
