import { runtime } from '../../src/runtimes/generic.ts'
import { runtimeContract } from './_contract.ts'

runtimeContract('generic runtime', runtime)
