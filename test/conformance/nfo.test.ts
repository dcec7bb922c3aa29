import { wrap } from '../../src/index.ts'
import { registerCases } from './register.ts'

registerCases('conformance of wrap', wrap)
