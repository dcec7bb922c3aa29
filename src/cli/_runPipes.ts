import { spawnSync } from 'node:child_process'
import { constants, mkdtempSync, openSync, rmSync, write } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable, Writable } from 'node:stream'
import { createTail, type Tail } from './_runTail.ts'

/** A pipe's two ends. */
export interface Pipe {
  readonly reader: Readable
  readonly writer: number
}

/**
 * Pipes like a shell's, for stdout and stderr. What `spawn` makes are sockets, and a script that writes to `/dev/stderr`
 * cannot open a socket. Undefined where there is no `mkfifo`, or no place for what it makes.
 */
export function openPipes(): Pipe[] | undefined {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(tmpdir(), 'nfo-run-'))
    const paths = [join(folder, 'stdout'), join(folder, 'stderr')]
    return spawnSync('mkfifo', paths).status === 0 ? paths.map(openPipe) : undefined
  } catch {
    return undefined
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
}

function openPipe(path: string): Pipe {
  // The reader does not wait for a writer, and has one before it looks for the end.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  return { reader: new Socket({ fd, readable: true, writable: false }), writer }
}

/** One stream of the command on its way to the same stream of ours. */
export interface Channel {
  readonly tail: Tail
  /** Bytes that came. */
  received(): number
  /** Whether everything that came has been written. */
  idle(): boolean
  /** Settles when all is written and nothing more can come, or nobody reads it. */
  readonly done: Promise<void>
  /** Takes nothing more. */
  stop(): void
}

export function passThrough(source: Readable, fd: number): Channel {
  const tail = createTail()
  const output = outputTo(fd)
  let received = 0
  source.on('data', (chunk: Uint8Array) => {
    received += chunk.length
    tail.push(chunk)
  })
  source.pipe(output)
  // Nobody reads any more, and the command is to find that out as well.
  output.on('error', () => source.destroy())
  source.on('error', () => output.end())
  return {
    tail,
    received: () => received,
    idle: () => output.writableLength === 0,
    done: new Promise((resolve) => output.on('close', resolve)),
    stop() {
      source.destroy()
      output.end()
    }
  }
}

/** Not process.stdout: making that one turns a pipe that others share non-blocking. */
function outputTo(fd: number): Writable {
  return new Writable({ write: (chunk, _encoding, done) => writeRest(fd, chunk, done) })
}

function writeRest(fd: number, bytes: Uint8Array, done: (error?: Error | null) => void): void {
  write(fd, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(writeRest, 1, fd, bytes, done)
    else if (error || written === bytes.length) done(error)
    else writeRest(fd, bytes.subarray(written), done)
  })
}

// As much as a pipe can hold, so as much as the command itself may have left there.
const PIPE_SIZE = 1 << 20
const LOOK_MS = 50

/** Waits until all is through, though not for what a grandchild may still write: it may hold the pipes open for ever. */
export async function drain(channels: readonly Channel[], interrupted: Promise<void>): Promise<void> {
  const all = Promise.all(channels.map(({ done }) => done))
  const received = (): number => channels.reduce((sum, channel) => sum + channel.received(), 0)
  const before = received()
  let seen = -1
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      const now = received()
      const idle = now === seen && channels.every((channel) => channel.idle())
      if (idle || now - before > channels.length * PIPE_SIZE) resolve()
      seen = now
    }, LOOK_MS)
  })
  await Promise.race([all, quiet, interrupted])
  clearInterval(timer)
  for (const channel of channels) channel.stop()
  await Promise.race([all, interrupted])
}
