import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { root } from './_runtimes.mjs'

/** One Markdown table, columns padded so that it reads in a terminal too. */
export function table([head, ...rows]) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)))
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

/** What was promised next to what each runtime shows, met or not. */
export function targetTable(promises, results) {
  const rows = promises.map(({ what, target, judge }) => [what, target, ...Object.values(results).map(judge)])
  return table([['what', 'target', ...Object.keys(results)], ...rows])
}

/** Prints the blocks of one part: text and tables. */
export function print(title, blocks) {
  console.log(`\n## ${title}\n\n${blocks.join('\n\n')}`)
}

/** Rewrites the part's own section of that page of docs, and nothing else there. */
export function save(part, name, blocks, versions) {
  const path = join(root, 'docs', name)
  const page = readFileSync(path, 'utf8')
  const [start, end] = [`<!-- measured: ${part} -->`, `<!-- end: ${part} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from)
    throw new Error(`[nfo] [bench] docs/${name} has no section between ${start} and ${end}; add it`)
  const section = [start, machine(versions), ...blocks, ''].join('\n\n')
  writeFileSync(path, `${page.slice(0, from)}${section}${page.slice(to)}`)
}

function machine(versions) {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const date = new Date().toISOString().slice(0, 10)
  const system = `${type()} ${release()} ${process.arch}`
  const where = `${processors.length} × ${processors[0].model.trim()}, ${memory} GiB, ${system}`
  return `Measured ${date} on ${where}; ${versions.join(', ')}.`
}
