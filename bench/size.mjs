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

/**
 * Rows: what a page loads to record something and show it in its console, gzip -9: at once, when the bundler splits
 * what is imported later into files of its own, and as one file.
 */
export async function consoleSizes({ entry }) {
  const nfo = JSON.stringify(fileURLToPath(entryFor('browser', entry)))
  const tracing = `export { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor }`
  const sources = {
    nfo: `export { createLogger, consoleSink, wrap } from ${nfo}`,
    pino: `export { default } from 'pino'`,
    LogTape: `export { configure, getConsoleSink, getLogger } from '@logtape/logtape'`,
    tslog: `export { Logger } from 'tslog'`,
    'tslog/slim': `export { Logger } from 'tslog/slim'`,
    OpenTelemetry: `${tracing} from '@opentelemetry/sdk-trace-base'`
  }
  const rows = []
  for (const [name, source] of Object.entries(sources)) {
    const sizes = [await eagerSize(source), (await bundledSize(source)).gzip]
    rows.push([name, ...sizes.map((bytes) => bytes.toLocaleString('en-US'))])
  }
  return [['to the console of a page', 'at once, bytes', 'one file, bytes'], ...rows]
}

async function eagerSize(source) {
  const { outputFiles, metafile } = await build({ ...options(source), splitting: true, metafile: true, outdir: 'out' })
  const loaded = new Set()
  const load = (file) => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { path, kind } of metafile.outputs[file].imports) if (kind === 'import-statement') load(path)
  }
  load('out/stdin.js')
  const files = outputFiles.filter(({ path }) => [...loaded].some((file) => path.endsWith(file)))
  return gzipSync(Buffer.concat(files.map(({ contents }) => contents)), { level: 9 }).length
}

const options = (contents) => ({
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

async function bundledSize(contents) {
  const { outputFiles } = await build(options(contents))
  const [{ contents: minified }] = outputFiles
  return { minified: minified.length, gzip: gzipSync(minified, { level: 9 }).length }
}
