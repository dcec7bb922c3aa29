/** Calls as Markdown, to read or to paste into an issue. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, wrapObject } from 'nfo'
import { markdownSink } from 'nfo/markdown'
import { day, shop } from './_shop.mjs'

const folder = mkdtempSync(join(tmpdir(), 'nfo-markdown-'))
const path = join(folder, 'shop.md')
const logger = createLogger({ sinks: [markdownSink(path)] })
await day(wrapObject({ ...shop }, { logger }))
await logger.close()

console.log(readFileSync(path, 'utf8').split('\n## ').slice(0, 3).join('\n## '))
rmSync(folder, { recursive: true })
