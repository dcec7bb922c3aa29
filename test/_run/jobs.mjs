import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { bundleTests } from './bundle.mjs'
import { runChild } from './child.mjs'
import { outcomeOf } from './outcome.mjs'
import { runtimes } from './runtimes.mjs'

/** The surroundings of a test process: nothing that configures the product or colours its output, and a scratch directory. */
function surroundings(scratch, extra) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(NFO_(?!NODE$)|FORCE_COLOR$|NODE_V8_COVERAGE$)/.test(name)
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', TEST_SCRATCH: scratch, ...extra }
}

function scratchFor(name, { temporary }) {
  const scratch = join(temporary, name.replaceAll(/\W+/g, '-'))
  mkdirSync(scratch, { recursive: true })
  return scratch
}

const coverageOf = ({ coverage }) => (coverage ? { NODE_V8_COVERAGE: coverage } : {})

/** One job per runtime that is here, all on one bundle; and the reason for each that is not. */
export async function portableJobs(files, wanted, setup) {
  if (wanted.length === 0) return { jobs: [], missing: [] }
  const bundle = join(setup.built, 'portable.mjs')
  try {
    await bundleTests({ ...setup, files, outfile: bundle, portable: true })
  } catch (error) {
    return { jobs: [{ kind: 'portable', name: 'portable bundle', run: () => Promise.reject(error) }], missing: [] }
  }
  const found = wanted.map((name) => ({ name, patience: 1, ...runtimes[name], ...runtimes[name].find() }))
  const jobOf = (runtime) => ({
    kind: 'portable',
    name: `${runtime.name} ${runtime.version}`,
    run: (name) => runPortable(name, runtime, bundle, setup)
  })
  return {
    jobs: found.filter(({ missing }) => !missing).map(jobOf),
    missing: found.filter(({ missing }) => missing)
  }
}

async function runPortable(title, { name, patience, start }, bundle, setup) {
  const scratch = scratchFor(name, setup)
  const { env, close, ...child } = await start({ bundle, scratch })
  const measured = name === 'node' ? coverageOf(setup) : {}
  const stallMs = setup.stallMs * patience
  const seen = await runChild({ ...child, stallMs, env: surroundings(scratch, { ...measured, ...env }) })
  close?.()
  return outcomeOf(title, seen, { ...setup, bundle, stallMs })
}

/** One job per Node-only test file. */
export function nodeJobs(files, setup) {
  return files.map((file) => ({
    kind: 'node-only',
    name: relative(setup.tests, file),
    run: async (name) => {
      const bundle = join(setup.built, `${name.replaceAll(/[/\\]/g, '-')}.mjs`)
      await bundleTests({ ...setup, files: [file], outfile: bundle, portable: false })
      const scratch = scratchFor(basename(bundle), setup)
      const env = surroundings(scratch, coverageOf(setup))
      const seen = await runChild({ command: [process.execPath, bundle], stallMs: setup.stallMs, env })
      return outcomeOf(name, seen, { ...setup, bundle })
    }
  }))
}

/** The type tests: each file under `tsc`, each error a failure. */
export function typesJob(files, { root, built }) {
  const run = async (name) => {
    const began = Date.now()
    const config = join(built, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), files, include: [] }))
    const { code, output } = await tsc(['--noEmit', '--pretty', 'false', '-p', config], root)
    const errors = output.split('\n').filter((line) => line.includes(': error TS') || line.startsWith('error TS'))
    const failures = errors.map((line) => ({ test: line.replace(/[(:].*/, ''), message: line, stack: '' }))
    if (code !== 0 && errors.length === 0)
      failures.push({ test: name, message: `tsc ended with ${code}`, stack: output })
    if (files.length === 0) failures.push({ test: name, message: 'has no tests', stack: '' })
    const passed = Math.max(0, files.length - new Set(failures.map(({ test }) => test)).size)
    return { name, ms: Date.now() - began, registered: files.length, passed, skipped: [], failures }
  }
  return { kind: 'types', name: 'types', run }
}

function tsc(args, root) {
  const child = spawn(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args], { cwd: root })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}
