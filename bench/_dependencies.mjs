import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { here, root } from './_runtimes.mjs'

const INSTALLS = {
  pino: ['pino'],
  winston: ['winston'],
  LogTape: ['@logtape/logtape'],
  tslog: ['tslog'],
  'OpenTelemetry, traces by OTLP': ['@opentelemetry/sdk-trace-base', '@opentelemetry/exporter-trace-otlp-http']
}

/** Rows: how many other packages an installation brings along, and what all of it takes on the disk. */
export function dependencies() {
  const { packages } = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'))
  const rows = Object.entries(INSTALLS).map(([name, wanted]) => {
    const all = withDependencies(packages, wanted)
    const bytes = [...all].reduce((sum, path) => sum + sizeOf(join(here, path)), 0)
    return [name, `${all.size - wanted.length}`, megabytes(bytes)]
  })
  return [['installed', 'other packages', 'on the disk'], ownRow(), ...rows]
}

function ownRow() {
  const { dependencies: own = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return ['nfo', `${Object.keys(own).length}`, megabytes(sizeOf(join(root, 'dist')) + sizeOf(join(root, 'docs')))]
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

/** Everything that npm installs for these: dependencies, and peers that are not optional. */
function withDependencies(packages, wanted) {
  const found = new Set()
  const add = (name, from) => {
    const path = resolveIn(packages, name, from)
    if (!path || found.has(path)) return
    found.add(path)
    const { dependencies: needed = {}, peerDependencies = {}, peerDependenciesMeta = {} } = packages[path]
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
    for (const next of [...Object.keys(needed), ...peers]) add(next, path)
  }
  for (const name of wanted) add(name, '')
  return found
}

/** Node's way: in the package itself, then in each folder above it. */
function resolveIn(packages, name, from) {
  const path = `${from && `${from}/`}node_modules/${name}`
  if (packages[path]) return path
  return from ? resolveIn(packages, name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) : undefined
}

function sizeOf(path) {
  if (!existsSync(path)) return 0
  const entry = lstatSync(path)
  if (!entry.isDirectory()) return entry.size
  const inside = readdirSync(path).filter((name) => name !== 'node_modules')
  return inside.reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
