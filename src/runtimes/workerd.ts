import { printToConsole } from './_console.ts'
import { later } from './_later.ts'
import type { Runtime } from './types.ts'

type Environment = { process?: { env?: Record<string, string | undefined> } }

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
  processes: undefined,
  frozenClock: true
}
