import { appendFileSync } from 'node:fs'
import process from 'node:process'
import type { Runtime } from '../../src/runtimes/types.ts'

interface DenoLike {
  exit(code: number): never
  addSignalListener(signal: string, handler: () => void): void
}

const { Deno } = globalThis as unknown as { Deno: DenoLike }
const [mode, journal] = process.argv.slice(2)

// Stands for a logger: what is noted waits in memory until the runtime says that the end is near.
const waiting: string[] = []
const note = (text: string) => void waiting.push(text)

const boom = () => {
  throw new Error('boom')
}
const stay = () => void setTimeout(() => console.log('nobody ended it'), 8000)
const ready = () => {
  stay()
  console.log('ready')
}
const noteAtExit = () => process.on('exit', () => note('late'))
const exitSoon = () => setTimeout(() => process.exit(7), 30)

const endings: Record<string, () => void> = {
  natural() {},
  exit: () => process.exit(3),
  exitCode: () => void (process.exitCode = 4),
  throw: boom,
  throwLater: () => void setTimeout(boom, 5),
  reject: () => void Promise.reject(new Error('boom')),
  rejectLater: () => void setTimeout(() => Promise.reject(new Error('boom')), 5),
  abort: () => process.abort(),
  signal: ready,
  hangUp() {
    setTimeout(() => process.kill(process.pid, 'SIGHUP'), 20)
    setTimeout(() => process.exit(8), 150)
  },
  ownHandler() {
    process.on('SIGTERM', () => {
      console.log('own handler')
      note('late')
      exitSoon()
    })
    ready()
  },
  ownHandlerTwice() {
    process.on('SIGTERM', () => {
      console.log('own handler')
      note('late')
    })
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 10)
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 40)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 80)
  },
  onceBefore() {
    process.once('SIGTERM', () => {
      note('late')
      exitSoon()
    })
    ready()
  },
  onceAndAgain() {
    process.once('SIGTERM', () => {
      console.log('own handler')
      process.kill(process.pid, 'SIGTERM')
    })
    ready()
  },
  // What signal-exit does: it dies of the signal only when nobody else listens.
  countingHandler() {
    const handler = () => {
      if (process.listenerCount('SIGTERM') > 1) return
      process.removeListener('SIGTERM', handler)
      process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', handler)
    ready()
  },
  denoHandler() {
    Deno.addSignalListener('SIGTERM', () => {
      console.log('own handler')
      exitSoon()
    })
    ready()
  },
  denoExit: () => Deno.exit(6),
  lateNatural: () => void noteAtExit(),
  lateExit() {
    noteAtExit()
    process.exit(3)
  },
  lateThrow() {
    noteAtExit()
    boom()
  },
  lateReject() {
    noteAtExit()
    void Promise.reject(new Error('boom'))
  },
  exitInExit() {
    process.on('exit', () => {
      note('late')
      process.exit(9)
    })
    process.exit(3)
  },
  throwInExit() {
    process.on('exit', boom)
  },
  caught() {
    process.on('uncaughtException', () => console.log('survived'))
    setTimeout(boom, 5)
    setTimeout(() => note('late'), 30)
  }
}

/** Ends as the first argument says; with a runtime, what is noted goes to the file of the second. */
export function endAs(runtime: Runtime | undefined): void {
  const watch = () =>
    runtime?.onExit((reason) => {
      const lines = [...waiting.splice(0), `(${reason})`]
      appendFileSync(journal, lines.map((line) => `${line}\n`).join(''))
    })
  note('early')
  // Most apps add their handlers after the logger, some before.
  const steps = mode.endsWith('Before') ? [endings[mode], watch] : [watch, endings[mode]]
  for (const step of steps) step()
}
