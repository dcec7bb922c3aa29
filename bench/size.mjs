import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { table, targetTable } from './_report.mjs'
import { here } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { promise } from './_targets.mjs'

export const title = 'Size in a browser'

const OTEL = `
export { WebTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-web'
export { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'`

/** What a page that imports this has to load: minified, then gzip -9. */
export async function run({ entry }) {
  const nfo = JSON.stringify(fileURLToPath(entryFor('browser', entry)))
  const sources = {
    "import { wrap } from 'nfo'": `export { wrap } from ${nfo}`,
    "import * as nfo from 'nfo'": `export * from ${nfo}`,
    consola: `export { createConsola } from 'consola/core'`,
    pino: `export { default } from 'pino'`,
    'tslog/slim': `export { Logger } from 'tslog/slim'`,
    'LogTape, configured': `export { configure, getConsoleSink, getLogger } from '@logtape/logtape'`,
    'OpenTelemetry for the web, with OTLP': OTEL
  }
  const sizes = {}
  for (const [name, source] of Object.entries(sources)) sizes[name] = await bundledSize(source)
  const [wrapAlone, whole] = Object.values(sizes)
  const promises = [
    promise("import { wrap } from 'nfo'", 'atMost', 4096, ' bytes', () => wrapAlone.gzip),
    promise("all of 'nfo'", 'atMost', 9 * 1024, ' bytes', () => whole.gzip)
  ]
  const bytes = (count) => count.toLocaleString('en-US')
  const rows = Object.entries(sizes).map(([name, { minified, gzip }]) => [name, bytes(minified), bytes(gzip)])
  return [targetTable(promises, { browser: sizes }), table([['bundle', 'minified, bytes', 'gzip -9, bytes'], ...rows])]
}

async function bundledSize(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
    legalComments: 'none'
  })
  const [{ contents: minified }] = outputFiles
  return { minified: minified.length, gzip: gzipSync(minified, { level: 9 }).length }
}
