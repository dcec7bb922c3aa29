import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { configure, memorySink, registerSink } from '../../src/index.ts'
import { has, skipUnless } from '../_run/runtime.ts'

const test = suite('thread: what cannot cross')
const withThreads = skipUnless(test, has.threads, 'no threads')

const refused = (options: Parameters<typeof configure>[0], reason: RegExp): void =>
  assert.throws(
    () => configure({ ...options, force: true }),
    (error: Error) => reason.test(error.message)
  )

test(has.threads ? 'an option that is not known' : 'everything, where there are no threads', () => {
  if (!has.threads) return refused({ thread: true }, /\[nfo\] \[thread\] this runtime has no threads/)
  refused({ thread: { modul: 'x' } as object }, /unknown option 'modul'; did you mean 'module'\?/)
  refused({ thread: { patience: 0 } }, /patience is 0; use milliseconds from 1 up/)
})

withThreads('sinks that are objects, with the fix', () => {
  refused({ thread: true, sinks: ['console:', memorySink()] }, /sinks\[1\] is an object .*thread: \{ module: new URL/)
})

withThreads('a memory that nobody could read, and what was registered here', () => {
  refused({ thread: true, sinks: ['memory:10'] }, /sinks\[0\].*memory in the worker; use logger\.dump\(\)/)
  registerSink('hereOnly', () => memorySink())
  refused({ thread: true, sinks: ['hereOnly:'] }, /'hereOnly' was registered on this thread/)
})

withThreads('stages, and functions for a language model', () => {
  refused({ thread: true, stages: [(next) => next] }, /stages cannot cross to the worker; put them in a module/)
  const llm = { model: 'ollama/x', redact: () => '' } as never
  refused({ thread: true, llm }, /llm has what cannot cross/)
})

test.run()
