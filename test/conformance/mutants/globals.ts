import { type Mutant, onResult, shell } from './shell.ts'

const inPlace = 'wrapped in place, while other wrapped calls run'

/** What a recorder uses at every call, each by the name under which a case replaces it. */
const uses: Record<string, (result: unknown) => unknown> = {
  'Date.now': () => Date.now(),
  'performance.now': () => performance.now(),
  'JSON.stringify': () => JSON.stringify([1]),
  'Array.prototype.push': () => [].push(),
  'Array.prototype.slice': () => [].slice(),
  'Map.prototype.get': () => new Map().get(1),
  'Map.prototype.set': () => new Map().set(1, 1),
  'WeakMap.prototype.get': () => new WeakMap().get({}),
  'Promise.prototype.then': () => void Promise.resolve(1).then(),
  'String.prototype.slice': () => ''.slice(),
  'String.prototype.charCodeAt': () => ''.charCodeAt(0),
  'Object.keys': () => Object.keys({}),
  'Reflect.ownKeys': () => Reflect.ownKeys({}),
  'Array.isArray': () => Array.isArray([]),
  'Math.random': () => Math.random(),
  queueMicrotask: () => queueMicrotask(() => {}),
  setTimeout: () => clearTimeout(setTimeout(() => {}, 1)),
  'console.log': () => console.log(),
  fetch: report
}

const { fetch: realFetch } = globalThis
let isReporting = false

/** Sends nothing over a network: only a `fetch` that a case has put in place is called. */
function report(): void {
  if (isReporting || fetch === realFetch) return
  isReporting = true
  void fetch('https://example.com/report').catch(() => {})
  isReporting = false
}

/** Each calls a global at every call, and so itself, once it has been put in place of that global. */
export const globalMutants: Mutant[] = Object.entries(uses).map(([name, use]) => ({
  name: `uses ${name} at every call`,
  wrap: shell(
    onResult((result) => {
      use(result)
      return result
    })
  ),
  kills: [`${inPlace}: ${name}`]
}))
