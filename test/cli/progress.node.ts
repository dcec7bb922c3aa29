import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { barOf } from '../../src/cli/_progress.ts'

const test = suite('a progress bar')

test('shows the part that is done, the speed and what is left', () => {
  assert.is(
    barOf(5000, 20_000, 2000, 80),
    `${'█'.repeat(8)}${'░'.repeat(22)} 5,000 of 20,000, 2,500 a second, 6 s left`
  )
  assert.is(barOf(20_000, 20_000, 2000, 80), `${'█'.repeat(30)} 20,000 of 20,000, 10,000 a second, 0 s left`)
})

test('counts where nobody knows how many there are', () => {
  assert.is(barOf(5000, 0, 2000, 80), '5,000, 2,500 a second')
})

test('fits the terminal', () => {
  for (let width = 1; width < 80; width++) assert.is(barOf(5000, 20_000, 2000, width).length, Math.min(width, 72))
})

test.run()
