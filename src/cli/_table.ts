import { clip, visible } from '../formats/inspect.ts'
import type { Output } from './_output.ts'
import { BOLD, type Paint } from './_terminal.ts'
import { clipTo, fitTo, widthOf } from './_text.ts'

export interface Column {
  title: string
  /** For numbers. */
  right?: boolean
  /** Clipped where there is no room, down to so many cells; without it never. */
  least?: number
  /** Left out where there is no room for all; the highest goes first. */
  spare?: number
}

/** A value, with the colour it is shown in. */
export type TableCell = string | { text: string; colour: number }

export interface TableOptions {
  columns: readonly Column[]
  /** Cells of a line. */
  width: number
  paint: Paint
}

export interface TableWriter {
  add(row: readonly TableCell[]): void
  /** Writes what is held back, so that somebody who watches sees it. */
  show(): void
  /** Must follow the last row. Gives the titles of the columns that were left out. */
  end(): string[]
}

const GAP = '  '
// Enough rows to see what is usual; a longer value that comes later is clipped.
const SAMPLE = 200
// No terminal is that wide, and a value may be a megabyte.
const LONGEST = 1000

/** A table that is written as its rows come: the first 200 decide about the widths. Values and titles are escaped here. */
export function tableTo(output: Output, { columns, width, paint }: TableOptions): TableWriter {
  const titles = columns.map(({ title }) => ({ text: safe(title), colour: BOLD }))
  let held: (readonly TableCell[])[] = [titles]
  let widths: number[] | undefined

  function write(isAll: boolean): void {
    const known = widths ?? fitWidths(columns, held, width)
    if (!widths && !isAll) spread(known, columns, width)
    widths = known
    for (const row of held) output.line(lineOf(row, columns, known, paint))
    held = []
  }

  const show = (): void => write(false)

  return {
    add(row) {
      held.push(row.map(safeCell))
      if (widths || held.length > SAMPLE) show()
    },
    show,
    end() {
      write(true)
      return titles.filter((_title, index) => widths![index] === 0).map(textOf)
    }
  }
}

const textOf = (cell: TableCell): string => (typeof cell === 'string' ? cell : cell.text)
const safe = (text: string): string => visible(clip(text, LONGEST))
const safeCell = (cell: TableCell): TableCell =>
  typeof cell === 'string' ? safe(cell) : { ...cell, text: safe(cell.text) }

function lineOf(row: readonly TableCell[], columns: readonly Column[], widths: number[], paint: Paint): string {
  const last = widths.findLastIndex((width) => width > 0)
  const cells = row.map((cell, index) => {
    const { right, least } = columns[index]
    const room = least === undefined ? Math.max(widths[index], widthOf(textOf(cell))) : widths[index]
    const text = index === last && !right ? clipTo(textOf(cell), room) : fitTo(textOf(cell), room, right)
    return typeof cell === 'string' ? text : paint(cell.colour, text)
  })
  return cells
    .filter((_cell, index) => widths[index] > 0)
    .join(GAP)
    .trimEnd()
}

/** The width of each column, 0 for one that is left out. */
function fitWidths(columns: readonly Column[], rows: (readonly TableCell[])[], width: number): number[] {
  const natural = columns.map((_column, index) => Math.max(1, ...rows.map((row) => widthOf(textOf(row[index])))))
  const least = columns.map((column, index) => Math.min(natural[index], column.least ?? LONGEST))
  const spare = (index: number): number => columns[index].spare ?? 0
  const dispensable = [...columns.keys()].filter(spare).sort((one, other) => spare(other) - spare(one))
  for (const index of dispensable) if (lineWidth(least) > width) least[index] = natural[index] = 0
  const isTooWide = lineWidth(least) > width
  return share(natural, isTooWide ? columns.map((column, index) => narrowest(column, least[index])) : least, width)
}

// A letter or two and an ellipsis still tell more than nothing.
const narrowest = (column: Column, least: number): number => (column.least === undefined ? least : Math.min(3, least))

/** As much of what they want as there is room for: nobody is cut who wants less than the others get. */
function share(natural: number[], least: number[], width: number): number[] {
  for (let most = Math.max(...natural); most > 0; most--) {
    const widths = natural.map((wanted, index) => Math.max(least[index], Math.min(wanted, most)))
    if (lineWidth(widths) <= width) return widths
  }
  return least
}

/** What comes later may be longer than what is known: columns that clip get what room is left. */
function spread(widths: number[], columns: readonly Column[], width: number): void {
  const growing = [...columns.keys()].filter((index) => widths[index] > 0 && columns[index].least !== undefined)
  const more = Math.floor(Math.max(0, width - lineWidth(widths)) / growing.length)
  for (const index of growing) widths[index] += more
}

function lineWidth(widths: number[]): number {
  const shown = widths.filter((width) => width > 0)
  return shown.reduce((sum, width) => sum + width, GAP.length * (shown.length - 1))
}
