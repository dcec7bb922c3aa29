import { builtin, lazyModules } from './_modules.ts'
import { nodeLike } from './_node.ts'
import { ignoredSignals } from './_signals.ts'
import type { Runtime } from './types.ts'

export const runtime: Runtime = nodeLike(lazyModules, {
  name: 'bun',
  ignored: () => ignoredSignals({ fs: lazyModules.fs, canRead: () => true, stdinIsTerminal })
})

function stdinIsTerminal(): boolean {
  return (builtin('node:tty') as { isatty(fd: number): boolean }).isatty(0)
}
