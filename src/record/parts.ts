import { createBlocks } from './blocks.ts'
import { createChunks } from './chunk.ts'
import { createLock } from './lock.ts'
import { createNames } from './names.ts'
import { createOpenCalls } from './openCalls.ts'
import { createPen } from './pen.ts'
import { createPersister } from './persist.ts'

/** How each of them is called. */
export interface Parts {
  readonly chunks: typeof createChunks
  readonly pen: typeof createPen
  readonly lock: typeof createLock
  readonly names: typeof createNames
  readonly blocks: typeof createBlocks
  readonly openCalls: typeof createOpenCalls
  readonly persister: typeof createPersister
}

/**
 * What both threads write with. The other thread gets it as text, so that it works wherever the package was bundled to.
 * Each of these refers to nothing outside itself, and to nothing that a compiler puts there: its functions are methods,
 * as those with a name of their own may come wrapped in a helper that keeps the name; no defaults in patterns, no spread.
 */
export const PARTS: Parts = {
  chunks: createChunks,
  pen: createPen,
  lock: createLock,
  names: createNames,
  blocks: createBlocks,
  openCalls: createOpenCalls,
  persister: createPersister
}
