import { nodeModules, sendForModules } from './_modules.ts'
import { nodeLike } from './_node.ts'
import { runtime as browser } from './browser.ts'
import { runtime as bun } from './bun.ts'
import { runtime as deno } from './deno.ts'
import type { Runtime } from './types.ts'
import { runtime as workerd } from './workerd.ts'

interface Marks {
  Deno?: object
  Bun?: object
  navigator?: { userAgent?: string }
  process?: { versions?: { node?: string } }
}

/** For whoever imports the package without its conditions, say from a CDN: finds out where it runs. */
export const runtime: Runtime = /* @__PURE__ */ detect(globalThis as Marks)

// In this order: Deno, Bun and Workers can all have a process.versions.node.
function detect({ Deno, Bun, navigator, process }: Marks): Runtime {
  if (Deno) return deno
  if (Bun) return bun
  if (navigator?.userAgent === 'Cloudflare-Workers') return workerd
  if (!process?.versions?.node) return browser
  sendForModules()
  return nodeLike(nodeModules())
}
