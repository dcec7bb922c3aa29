import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceFinder } from './stack.mjs'

/**
 * Which statements of the sources ran, from what V8 counted in the Node runs. A unit is the start of a line that
 * esbuild printed, which is a statement, at its place in the source. It is covered when any bundle ran it.
 */
export function coverageByRoom({ coverage, built, root, sources }) {
  const units = new Map(sources.map((file) => [relative(root, file), new Map()]))
  for (const [bundle, counts] of countsByBundle(coverage, built)) {
    const find = sourceFinder(bundle, root)
    for (const { offset, line, column } of statements(readFileSync(bundle, 'utf8'))) {
      const place = find(line, column)
      const file = place && units.get(place.file)
      if (!file) continue
      const key = `${place.line}:${place.column}`
      file.set(key, Boolean(file.get(key)) || counts.some((count) => count[offset] > 0))
    }
  }
  return summarize(units)
}

function* statements(text) {
  let offset = 0
  for (const [line, content] of text.split('\n').entries()) {
    const column = content.search(/[^\s{}()[\];,]/)
    if (column >= 0) yield { offset: offset + column, line, column }
    offset += content.length + 1
  }
}

function countsByBundle(coverage, built) {
  const bundles = new Map()
  const files = existsSync(coverage) ? readdirSync(coverage) : []
  for (const file of files) {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8'))
    for (const { url, functions } of result) {
      const bundle = url.startsWith('file:') ? fileURLToPath(url) : ''
      if (!bundle.startsWith(built) || !existsSync(`${bundle}.map`)) continue
      bundles.set(bundle, [...(bundles.get(bundle) ?? []), countsOf(functions)])
    }
  }
  return bundles
}

// Ranges nest, so painting the long ones first leaves each character with its innermost count.
function countsOf(functions) {
  const ranges = functions.flatMap((entry) => entry.ranges)
  ranges.sort((left, right) => right.endOffset - right.startOffset - (left.endOffset - left.startOffset))
  const counts = new Uint8Array(Math.max(0, ...ranges.slice(0, 1).map(({ endOffset }) => endOffset)))
  for (const { startOffset, endOffset, count } of ranges) counts.fill(Math.min(count, 1), startOffset, endOffset)
  return counts
}

const share = (covered, total) => (total === 0 ? '  n/a' : `${((100 * covered) / total).toFixed(1).padStart(5)} %`)

function summarize(units) {
  const rooms = new Map()
  for (const [file, places] of units) {
    const [, room, ...rest] = file.split(/[/\\]/)
    const name = rest.length > 0 ? `src/${room}` : 'src'
    const entry = rooms.get(name) ?? { covered: 0, total: 0, unloaded: [], weak: [] }
    const covered = [...places.values()].filter(Boolean).length
    entry.covered += covered
    entry.total += places.size
    if (places.size === 0) entry.unloaded.push(basename(file))
    else if (covered / places.size < 0.9) entry.weak.push(`${basename(file)} ${share(covered, places.size).trim()}`)
    rooms.set(name, entry)
  }
  return [...rooms].sort().map(([name, { covered, total, weak, unloaded }]) => {
    const notes = [...weak, unloaded.length > 0 ? `no statement in: ${unloaded.join(' ')}` : ''].filter(Boolean)
    return `  ${name.padEnd(14)} ${share(covered, total)}  ${String(covered).padStart(5)} of ${total}  ${notes.join(', ')}`
  })
}
