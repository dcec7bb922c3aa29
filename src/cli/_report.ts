import type { Entry } from '../core/types.ts'
import { visible } from '../formats/inspect.ts'
import { type PrettyOptions, pretty, treeDepths } from '../formats/pretty.ts'
import type { Recovered } from '../record/read.ts'
import { count, moment } from './_values.ts'

export interface ReportOptions {
  colour: boolean
  /** Calls indented below their callers, in the order in which they began. */
  tree: boolean
  /** So many calls and messages before the end. */
  last: number
}

/** What a record file tells, for a person: the open calls, what came before them, what is missing. */
export function reportLines(recovered: Recovered, { colour, tree, last }: ReportOptions): string[] {
  const { entries, open } = recovered
  const depths = new Map<number, number>()
  // There are few of them, and their arguments matter most.
  const openLines = treeLines(open, depths, { colour, width: 240 })
  const shown = last > 0 ? entries.slice(-last) : []
  const lines = tree ? treeLines(inOrder(shown), depths, { colour }) : shown.map((entry) => pretty(entry, { colour }))
  const title = shown.length < entries.length ? `The last ${shown.length} of ${calls(entries.length)}:` : 'Before that:'
  return [
    ...sectionOf(open.length === 1 ? '1 call had not returned:' : `${open.length} calls had not returned:`, openLines),
    ...sectionOf(title, lines)
  ]
}

/** Which process it was and how it ended. */
export function headLines({ header, end, lastSign, ledger }: Recovered): string[] {
  const lines: string[] = []
  if (header) {
    const { runtime, pid, nfo, started, environment, version } = header
    const more = [environment && `environment ${environment}`, version && `version ${version}`].filter(Boolean)
    const facts = [`process ${pid} on ${runtime}`, ...more, `nfo ${nfo}`, `started ${moment(started)}`]
    lines.push(visible(facts.join(', ')))
  }
  lines.push(end ? `${ENDS[end.reason]} at ${moment(end.time)}.` : cutOff(lastSign, header))
  if (ledger && ledger.delivered + ledger.failed > 0) {
    const { accepted, delivered } = ledger
    lines.push(`The sinks had taken ${count(delivered)} of ${calls(accepted)}.`)
  }
  return lines
}

/** What the file does not hold. */
export function lossLines({ lost, overwritten, header }: Recovered): string[] {
  const { blocks, records, names, open } = lost
  const lines: string[] = []
  if (!header) lines.push('The header is damaged.')
  if (blocks > 0) lines.push(`Lost: ${calls(records)}, in ${count(blocks)} damaged or torn blocks.`)
  if (names > 0) lines.push(`Lost: ${count(names)} names; what they named is shown as name#7 or site#7.`)
  if (open > 0) lines.push(`${count(open)} more calls were open; there was no room for them.`)
  if (lines.length === 0) lines.push('Nothing is damaged.')
  if (overwritten > 0) lines.push(`${calls(overwritten)} before these were overwritten; a larger size keeps more.`)
  return lines
}

const ENDS = {
  closed: 'The logger was closed',
  exit: 'The process ended',
  error: 'An error ended the process',
  signal: 'A signal ended the process',
  hidden: 'The page was left'
}

function cutOff(lastSign: number, header: Recovered['header']): string {
  const lines = ['The process was cut off: killed, out of memory or without power. Or it still runs.']
  if (lastSign > 0) {
    const after = header ? `, ${((lastSign - header.started) / 1000).toFixed(1)} s after the start` : ''
    lines.push(`Last sign of life at ${moment(lastSign)}${after}.`)
  }
  if (header?.interval) lines.push(`What ended in the last ${header.interval} ms may be missing.`)
  return lines.join('\n')
}

const calls = (number: number): string => (number === 1 ? '1 call or message' : `${count(number)} calls and messages`)

const inOrder = (entries: Entry[]): Entry[] => entries.sort((one, other) => one.sequence - other.sequence)

function treeLines(entries: Entry[], known: Map<number, number>, options: PrettyOptions): string[] {
  const depths = treeDepths(entries, known)
  return entries.map((entry, index) => pretty(entry, { ...options, depth: depths[index] }))
}

const sectionOf = (title: string, lines: string[]): string[] => (lines.length > 0 ? ['', title, ...lines] : [])
