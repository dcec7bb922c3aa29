import type { ThreadSetup } from './start.ts'

/** In the place of the one in `start.ts` where no thread can be had. */
export function setUpThread(): ThreadSetup {
  throw new Error('[nfo] [thread] this runtime has no threads that can share memory and block; leave thread out')
}
