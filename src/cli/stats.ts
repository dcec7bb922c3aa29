import type { Entry } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { epochMillis } from '../formats/time.ts'
import type { FunctionStats, Hour, Stats } from '../store/stats.ts'
import { type Command, oneOf, onlyFile } from './_command.ts'
import { openForReading, tellOfSkipped } from './_database.ts'
import { FILTER_HELP, FILTER_OPTIONS, filterOf } from './_filters.ts'
import { type Output, standardOutput } from './_output.ts'
import { type Column, type TableCell, tableTo } from './_table.ts'
import { BOLD, DIM, looksOfOutput, type Paint, painter, RED } from './_terminal.ts'
import { argumentsOf, count, duration, moment } from './_values.ts'

const help = `Tells what the calls in a file did: how many, how long, how many failed.

  nfo stats FILE [options]

${FILTER_HELP}
  --format FORMAT       table (default), json (one object; durations in milliseconds)
  --help                this text

  nfo stats app.db
  nfo stats app.db --last 24h -F 'shop.*'
  nfo stats app.db --format json | jq '.functions[] | select(.errorRate > 0.01)'

P50, P95 and P99: so many percent of the calls were not slower.`

export const stats: Command = {
  summary: 'tells how often, how long, how many failed',
  help,
  options: { ...FILTER_OPTIONS, format: { type: 'string' } },
  async run(values, positionals) {
    const path = onlyFile('stats', 'nfo stats app.db', positionals)
    const format = oneOf('format', values.format, ['table', 'json']) ?? 'table'
    const filter = filterOf('stats', values)
    const store = openForReading(path, 'stats')
    try {
      const output = standardOutput()
      const found = await store.stats(filter)
      if (format === 'json') output.line(jsonOf(found))
      else report(output, found)
      output.flush()
      tellOfSkipped(store)
    } finally {
      await store.close()
    }
  }
}

function jsonOf(found: Stats): string {
  const slowest = found.slowest.map((entry) => JSON.parse(toJson(entry)))
  // A terminal obeys C1, and JSON does not escape it.
  return JSON.stringify({ ...found, slowest }).replace(/[\x7f-\x9f\u2028\u2029]/g, escapeUnit)
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

// More would scroll away what matters.
const MOST_FUNCTIONS = 20
const MOST_HOURS = 24
const BAR = 40

const FUNCTIONS: Column[] = [
  { title: 'FUNCTION', least: 10 },
  ...['CALLS', 'ERRORS', 'P50', 'P95', 'P99', 'MAX'].map((title) => ({ title, right: true }))
]
const SLOWEST: Column[] = [
  { title: 'DURATION', right: true },
  { title: 'TIME' },
  { title: 'FUNCTION', least: 10 },
  { title: 'ARGUMENTS', least: 12 }
]
const FAILING: Column[] = [
  { title: 'ERRORS', right: true },
  { title: 'OF CALLS', right: true },
  { title: 'RATE', right: true },
  { title: 'FUNCTION', least: 10 }
]

/** The statistics for a person. */
function report(output: Output, found: Stats): void {
  const { coloured, width } = looksOfOutput()
  const paint = painter(coloured)

  function section(title: string, columns: Column[], rows: TableCell[][]): void {
    if (rows.length === 0) return
    output.line('')
    if (title) output.line(paint(BOLD, title))
    const table = tableTo(output, { columns, width, paint })
    for (const row of rows) table.add(row)
    table.end()
  }

  for (const line of headLines(found)) output.line(line)
  section('', FUNCTIONS, found.functions.slice(0, MOST_FUNCTIONS).map(functionRow))
  if (found.functions.length > MOST_FUNCTIONS) {
    output.line(`and ${count(found.functions.length - MOST_FUNCTIONS)} more functions; --format json has all`)
  }
  for (const line of hourLines(found.hours.slice(-MOST_HOURS), paint)) output.line(line)
  section(
    'The slowest calls:',
    SLOWEST,
    found.slowest.map((entry) => slowRow(entry, width))
  )
  section('Failing most:', FAILING, found.failing.map(failingRow))
}

function headLines({ calls, errors, errorRate, messages, from, to }: Stats): string[] {
  if (from === undefined || to === undefined) return ['Nothing is found.']
  const span = `from ${moment(epochMillis(from))} to ${moment(epochMillis(to))}`
  return [
    `${plural(calls, 'call')}, ${plural(errors, 'error')} (${percent(errorRate)}), ${plural(messages, 'message')}`,
    span
  ]
}

function functionRow({ name, calls, errors, p50, p95, p99, max }: FunctionStats): TableCell[] {
  const failed = errors > 0 ? { text: count(errors), colour: RED } : '0'
  return [name || 'anonymous', count(calls), failed, ...[p50, p95, p99, max].map(duration)]
}

function slowRow(entry: Entry, width: number): TableCell[] {
  const { durationMs, timestamp, functionName } = entry
  return [duration(durationMs), { text: moment(timestamp), colour: DIM }, functionName, argumentsOf(entry, width)]
}

function failingRow({ name, calls, errors, errorRate }: FunctionStats): TableCell[] {
  return [{ text: count(errors), colour: RED }, count(calls), percent(errorRate), name || 'anonymous']
}

/** A bar for each hour, its failed part in another shade. */
function hourLines(hours: Hour[], paint: Paint): string[] {
  if (hours.length === 0) return []
  const most = Math.max(...hours.map(({ calls }) => calls))
  const lines = hours.map(({ hour, calls, errors }) => {
    const cells = Math.max(1, Math.round((calls / most) * BAR))
    const failed = errors === 0 ? 0 : Math.max(1, Math.round((errors / calls) * cells))
    const bar = '█'.repeat(cells - failed) + paint(RED, '▒'.repeat(failed)) + ' '.repeat(BAR - cells)
    const notes = errors > 0 ? `${count(calls)}, ${plural(errors, 'error')}` : count(calls)
    return `${moment(epochMillis(hour)).slice(0, 16)}  ${bar}  ${notes}`
  })
  return ['', paint(BOLD, 'Calls by the hour, ▒ failed:'), ...lines]
}

const percent = (rate: number): string => `${Number((rate * 100).toFixed(1))} %`
const plural = (number: number, what: string): string => `${count(number)} ${what}${number === 1 ? '' : 's'}`
