import * as fs from 'node:fs'
import process from 'node:process'
import * as threads from 'node:worker_threads'
import type { ProcessLike } from './_modules.ts'
import { nodeLike } from './_node.ts'
import type { WorkerClass } from './_thread.ts'
import type { Runtime } from './types.ts'

export const runtime: Runtime = nodeLike({
  process: process as unknown as ProcessLike,
  fs,
  threads: threads as unknown as { Worker: WorkerClass }
})
