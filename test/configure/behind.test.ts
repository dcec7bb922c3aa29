import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { behind } from '../../src/configure/behind.ts'
import type { Entry } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

const test = suite('configure/behind')

test('flushSync does not wait for the batch that is under way', async () => {
  const written: number[] = []
  let answer = (): void => {}
  const [sink] = behind(
    [],
    [
      {
        write: (entries: readonly Entry[]) => {
          written.push(...entries.map(({ sequence }) => sequence))
          return new Promise<void>((resolve) => {
            answer = resolve
          })
        },
        flushSync() {}
      }
    ]
  )
  const writes = [1, 2, 3].map((sequence) => sink.write([entry({ sequence })]))
  assert.equal(written, [1])
  sink.flushSync?.()
  assert.equal(written, [1, 2, 3])
  answer()
  await writes[2]
})

test('close does not wait for a sink that does not answer', async () => {
  let isClosed = false
  const never = new Promise<void>(() => {})
  const [sink] = behind(
    [],
    [
      {
        write: () => never,
        close() {
          isClosed = true
        }
      }
    ]
  )
  void sink.write([entry({})])
  await sink.close?.()
  assert.ok(isClosed)
})

test.run()
