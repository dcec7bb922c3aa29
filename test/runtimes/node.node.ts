import { runtime } from '../../src/runtimes/node.ts'
import { runtimeContract } from './_contract.ts'

runtimeContract('node runtime', runtime)
