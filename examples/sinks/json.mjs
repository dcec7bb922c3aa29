/** JSON lines in files of 16 KB: the last five stay, compressed. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, wrapObject } from 'nfo'
import { jsonSink } from 'nfo/json'
import { openStore } from 'nfo/store'
import { shop } from './_shop.mjs'

const folder = mkdtempSync(join(tmpdir(), 'nfo-json-'))
const path = join(folder, 'shop.jsonl')
const logger = createLogger({ sinks: [jsonSink(path, { maxBytes: 16_384, keep: 5, gzip: true })] })
const { price } = wrapObject({ ...shop }, { logger })
for (let call = 0; call < 2000; call++) price('tea', call)
await logger.close()

const files = readdirSync(folder)
const bytes = files.reduce((total, file) => total + statSync(join(folder, file)).size, 0)
const store = openStore(path)
console.log(`${files.length} files, ${bytes} bytes, ${await store.count()} of 2000 calls still there`)
await store.close()
rmSync(folder, { recursive: true })
