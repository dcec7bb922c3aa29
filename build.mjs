import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'

const root = import.meta.dirname
const dist = join(root, 'dist')
const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function stop(message) {
  console.error(`[build] ${message}`)
  process.exit(1)
}

const rooms = ['src/*.ts', 'src/sinks/*.ts', 'src/*/index.ts', 'test/*/index.ts']

/** Where the source of a subpath may be; the first that exists is it. */
function sourceOf(subpath) {
  const name = subpath.slice(2)
  const places = subpath === '.' ? ['src/index.ts'] : rooms.map((room) => room.replace('*', name))
  const source = places.find((place) => existsSync(join(root, place)))
  return source ?? stop(`package.json exports ${subpath}, and there is no ${places.join(' or ')}`)
}

/** Every file that "exports" promises: its condition, its target in dist, its source. */
function promises() {
  return Object.entries(exports)
    .filter(([, targets]) => typeof targets === 'object')
    .flatMap(([subpath, targets]) => {
      const source = sourceOf(subpath)
      return Object.entries(targets).map(([condition, target]) => ({ condition, source, target: join(root, target) }))
    })
}

const generic = join(root, 'src/runtimes/generic.ts')

/** Code outside src/runtimes imports the generic runtime; each build gets its own in its place. */
const useRuntime = (condition) => ({
  name: 'use-runtime',
  setup({ onResolve }) {
    onResolve({ filter: /runtimes\/generic\.ts$/ }, ({ path, resolveDir }) => {
      if (condition === 'default' || resolve(resolveDir, path) !== generic) return undefined
      const own = join(root, 'src/runtimes', `${condition}.ts`)
      if (!existsSync(own)) stop(`no ${relative(root, own)} for the condition ${condition}`)
      return { path: own }
    })
  }
})

/** Where there are no files, `name.edge.ts` takes the place of the `name.ts` beside it. */
const withoutFiles = {
  name: 'without-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const edge = resolve(resolveDir, path.replace(/\.ts$/, '.edge.ts'))
      return existsSync(edge) ? { path: edge } : undefined
    })
  }
}
const edges = ['workerd', 'browser']

// A library keeps its names: stacks stay readable, and bundlers shorten them anyway.
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  external: ['node:*', 'cloudflare:*'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning'
}

/** All entries of one condition in one go, so that they share chunks, and with them the one logger. */
async function buildCondition(condition, entries) {
  const outdir = condition === 'default' ? dist : join(dist, condition)
  const points = entries.map(({ source, target }) => {
    const name = relative(outdir, target)
    if (name.startsWith('..')) stop(`${relative(root, target)} has to be in ${relative(root, outdir)}`)
    return { in: join(root, source), out: name.replace(/\.js$/, '') }
  })
  await build({
    ...shared,
    entryPoints: points,
    outdir,
    platform: 'neutral',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [useRuntime(condition), ...(edges.includes(condition) ? [withoutFiles] : [])]
  })
}

async function buildCommand(target) {
  const outfile = join(root, target)
  const plugins = [useRuntime('node')]
  const banner = { js: '#!/usr/bin/env node' }
  await build({ ...shared, entryPoints: ['src/cli/main.ts'], outfile, platform: 'node', banner, plugins })
  chmodSync(outfile, 0o755)
}

/** Declarations go to dist/types as a tree; what "exports" promises is a line that points there. */
function buildTypes(entries) {
  const outDir = join(dist, 'types')
  emitDeclarations(entries, outDir)
  for (const file of filesIn(outDir)) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"])(\.[^'"\n]*)\.ts\1/g, '$1$2.js$1'))
    // Deno looks for `./x.js` itself before it asks for its types, so from a CDN there has to be one.
    writeFileSync(file.replace(/\.d\.ts$/, '.js'), selfTypes(file))
  }
  for (const { source, target } of entries) {
    const emitted = relative(dirname(target), join(outDir, source)).replaceAll('\\', '/')
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, `export * from './${emitted.replace(/\.ts$/, '.js')}'\n`)
  }
}

function emitDeclarations(entries, outDir) {
  const config = join(root, '.build', 'tsconfig.declarations.json')
  // Types are checked by `npm run check`; with isolatedDeclarations they can be emitted without.
  const compilerOptions = { noEmit: false, emitDeclarationOnly: true, noCheck: true, rootDir: root, outDir }
  const files = entries.map(({ source }) => join(root, source))
  mkdirSync(dirname(config), { recursive: true })
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
}

const selfTypes = (declarations) => `/* @ts-self-types="./${basename(declarations)}" */\n`

/** Deno imports these straight from a CDN, and finds their types by this line. */
function pointToTypes(entries) {
  for (const { target } of entries) {
    writeFileSync(target, selfTypes(target.replace(/\.js$/, '.d.ts')) + readFileSync(target, 'utf8'))
  }
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

/** What is built is exported: a file that nothing promises, and no promised file uses, is left over. */
function checkNothingIsLeft(promised) {
  const isPart = /^((\w+\/)?chunks|types)\//
  const names = filesIn(dist).map((file) => relative(dist, file).replaceAll('\\', '/'))
  const left = names.filter((name) => !isPart.test(name) && !promised.has(join(dist, name)))
  if (left.length > 0) stop(`dist has ${left.join(', ')}, which package.json does not export`)
  const missing = [...promised].filter((target) => !existsSync(target)).map((target) => relative(root, target))
  if (missing.length > 0) stop(`package.json promises ${missing.join(', ')}, which was not built`)
}

const promised = promises()
const code = promised.filter(({ condition }) => condition !== 'types')
const conditions = [...new Set(code.map(({ condition }) => condition))]

rmSync(dist, { recursive: true, force: true })
try {
  const entriesOf = (condition) => code.filter((entry) => entry.condition === condition)
  await Promise.all(conditions.map((condition) => buildCondition(condition, entriesOf(condition))))
  await buildCommand(bin.nfo)
  pointToTypes(entriesOf('default'))
  buildTypes(promised.filter(({ condition }) => condition === 'types'))
} catch (error) {
  // esbuild and tsc have printed what is wrong.
  stop(String(error.message).split('\n')[0])
}
checkNothingIsLeft(new Set([...promised.map(({ target }) => target), join(root, bin.nfo)]))
