import { calls } from './calls.ts'
import { constructors } from './construct.ts'
import { generatorMutants } from './generators.ts'
import { globalMutants } from './globals.ts'
import { promiseMutants } from './promises.ts'
import { propertyMutants } from './properties.ts'
import type { Mutant } from './shell.ts'
import { valueMutants } from './values.ts'

export { type Mutant, shell } from './shell.ts'

/** Every wrap that is wrong on purpose. */
export const mutants: readonly Mutant[] = [
  ...calls,
  ...constructors,
  ...propertyMutants,
  ...promiseMutants,
  ...generatorMutants,
  ...valueMutants,
  ...globalMutants
]
