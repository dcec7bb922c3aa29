import { printToConsole } from './_console.ts'
import { later } from './_later.ts'
import type { NodeModules } from './_modules.ts'
import type { Runtime } from './types.ts'

type Environment = {
  process?: { env?: Record<string, string | undefined>; getBuiltinModule?(name: string): object | undefined }
}

const HOOKS = 'node:async_hooks'
let asked = false
let hooks: NodeModules['hooks']

/** With nodejs_compat it is there at once; with nodejs_als alone only `import()` gets it, in a moment. */
function loadHooks(): NodeModules['hooks'] {
  hooks ??= (globalThis as Environment).process?.getBuiltinModule?.(HOOKS) as NodeModules['hooks']
  if (!hooks && !asked) {
    asked = true
    import(HOOKS).then((module) => (hooks = module)).catch(() => {})
  }
  return hooks
}

export const runtime: Runtime = {
  name: 'workerd',
  // Only with nodejs_compat; elsewhere variables arrive with each request.
  env: (name) => (globalThis as Environment).process?.env?.[name],
  print: printToConsole,
  isTerminal: () => false,
  fs: undefined,
  later,
  onExit: () => () => {},
  startThread: undefined,
  require: undefined,
  storage() {
    const found = loadHooks()
    return found && new found.AsyncLocalStorage()
  },
  processes: undefined,
  frozenClock: true
}
