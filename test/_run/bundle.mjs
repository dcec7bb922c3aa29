import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const counting = join(here, 'suite.ts')
const uvuFolder = join(createRequire(import.meta.url).resolve('uvu'), '..')
const uvuFile = { uvu: 'index.mjs', 'uvu/assert': '../assert/index.mjs', 'uvu/diff': '../diff/index.mjs' }

// uvu is bundled everywhere, behind a `suite` that counts what uvu lets through.
const countedUvu = {
  name: 'counted-uvu',
  setup({ onResolve }) {
    onResolve({ filter: /^uvu(\/(assert|diff))?$/ }, ({ path, importer }) => {
      const isCounted = path === 'uvu' && importer !== counting
      return { path: isCounted ? counting : join(uvuFolder, uvuFile[path]) }
    })
  }
}

// Imports run in order, so a line between two of them tells the harness which file registers.
function entryOf(files, tests) {
  const from = (path) => JSON.stringify(path.split(sep).join('/'))
  const marker = (name) => from(`entering:${name}`)
  const lines = files.flatMap((file) => [`import ${marker(relative(tests, file))}`, `import ${from(file)}`])
  const main = from(join(here, 'main.ts'))
  return [`import { main } from ${main}`, ...lines, `import ${marker('end')}`, 'export default main()'].join('\n')
}

const markers = {
  name: 'markers',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^entering:/ }, ({ path }) => ({ path: path.slice('entering:'.length), namespace: 'entering' }))
    onLoad({ filter: /.*/, namespace: 'entering' }, ({ path }) => ({
      contents: `import { enter } from './suite.ts'; enter(${JSON.stringify(path)})`,
      resolveDir: here
    }))
  }
}

const everywhere = {
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['import', 'browser'],
  external: ['node:*', 'cloudflare:*']
}
const onNode = { platform: 'node', packages: 'external' }

/** Bundles test files into one that starts by itself. A portable bundle runs on any runtime; another one on Node only. */
export async function bundleTests({ files, outfile, root, tests, portable, grep, timeoutMs }) {
  const run = { grep, timeoutMs }
  const started = `globalThis.UVU_DEFER = 1; globalThis.UVU_QUEUE = [[]]; globalThis.TEST_RUN = ${JSON.stringify(run)}`
  await build({
    ...(portable ? everywhere : onNode),
    stdin: { contents: entryOf(files, tests), resolveDir: root, sourcefile: 'entry.js' },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // The package says that its files have no side effects; a test file is nothing else.
    ignoreAnnotations: true,
    // Deno cannot parse a lone surrogate escape in front of an escaped astral character.
    charset: 'utf8',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: started },
    plugins: [markers, countedUvu],
    logLevel: 'silent',
    absWorkingDir: root
  })
}
