import { nodeModules } from './_modules.ts'
import { nodeLike } from './_node.ts'
import { ignoredSignals } from './_signals.ts'
import type { Runtime } from './types.ts'

const modules = nodeModules()

export const runtime: Runtime = nodeLike(modules, {
  name: 'bun',
  ignored: () => ignoredSignals({ fs: modules.fs, canRead: () => true, stdinIsTerminal: () => modules.tty!.isatty(0) })
})
