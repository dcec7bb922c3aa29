import { createRequire } from 'node:module'
import { nodeModules } from './_modules.ts'
import { nodeLike } from './_node.ts'
import type { Runtime } from './types.ts'

export const runtime: Runtime = nodeLike(nodeModules((name) => createRequire(import.meta.url)(name)))
