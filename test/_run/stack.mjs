import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { basename, dirname, relative, resolve } from 'node:path'

/** Finds the place in a source file that a zero-based place in a bundle came from. */
export function sourceFinder(bundle, root) {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')))
  return (line, column) => {
    const { originalSource, originalLine, originalColumn } = map.findEntry(line, column)
    if (!originalSource) return undefined
    const file = relative(root, resolve(dirname(bundle), originalSource))
    return { file, line: originalLine + 1, column: originalColumn + 1 }
  }
}

const isHarness = /node_modules|test\/_run\/(main|suite|report)\.ts|\bnode:internal|\bext:|\bentering:/

/** Rewrites the frames of a stack, or of any text with frames in it, to places in the sources. */
export function mapStack(text, bundle, root) {
  const name = basename(bundle).replaceAll('.', '\\.')
  const frame = new RegExp(`[^\\s()@]*${name}:(\\d+):(\\d+)`, 'g')
  const find = sourceFinder(bundle, root)
  const mapped = text.replace(frame, (whole, line, column) => {
    const place = find(line - 1, column - 1)
    return place ? `${place.file}:${place.line}:${place.column}` : whole
  })
  const inRoot = mapped.replaceAll(`file://${root}/`, '')
  return inRoot
    .split('\n')
    .filter((line) => !isHarness.test(line))
    .join('\n')
}
