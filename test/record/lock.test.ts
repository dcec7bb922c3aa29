import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Recorder } from '../../src/core/ring.ts'
import { createLock } from '../../src/record/lock.ts'
import type { Tools } from '../../src/record/pen.ts'
import { createPlan, type Plan } from '../../src/record/plan.ts'
import { has, skipUnless } from '../_run/runtime.ts'

const test = suite('the lock of a record file')
const shared = skipUnless(test, has.sharedMemory, 'no shared memory')

function setUp(): Plan {
  const ring = new Recorder(65_536)
  ring.shared = true
  ring.allocate()
  return createPlan(ring, 65_536, 1)
}

/** A second and more pass at each look at the clock. */
function toolsOf(owner: number): Tools {
  let time = 0
  return {
    owner,
    fd: 0,
    fs: { writeSync: () => 0 },
    wall: () => 0,
    now() {
      time += 1500
      return time
    }
  }
}

shared('is had by one at a time, and not twice by the same', () => {
  const plan = setUp()
  const [main, other] = [createLock(plan, toolsOf(1)), createLock(plan, toolsOf(2))]
  assert.ok(main.take())
  assert.not.ok(main.take())
  assert.not.ok(other.take())
  main.release()
  assert.ok(other.take())
})

shared('is taken from a thread that holds it for a second, which is told to stop', () => {
  const plan = setUp()
  const [main, other] = [createLock(plan, toolsOf(1)), createLock(plan, toolsOf(2))]
  other.take()
  assert.is(plan.state[plan.at.stop], 0)
  assert.ok(main.take())
  assert.is(plan.state[plan.at.stop], 1)
  other.release()
  assert.is(plan.state[plan.at.lock], 1)
})

test.run()
