import { suite } from 'uvu'
import { runtimeName, skipUnless, slow } from '../_run/runtime.ts'
import { conformance, type Wrap } from './index.ts'

const options = {
  // Workers have 128 MB in all, an ARM board of 32 bits not much more.
  memory100MB: runtimeName !== 'workerd' && !slow,
  skip: slow ? ['the cost of large values is bounded'] : []
}

/** Registers every case as a test of its own. */
export function registerCases(title: string, wrap: Wrap): void {
  const test = suite(title)
  for (const { group, name, skip, run } of conformance(wrap, options)) {
    skipUnless(test, skip === undefined, skip ?? '')(`${group}: ${name}`, run)
  }
  test.run()
}
