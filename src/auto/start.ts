import * as nodeModule from 'node:module'
import process from 'node:process'
import { getLogger } from '../configure.ts'
import { runtime } from '../runtimes/generic.ts'
import { startOnBun } from './bun.ts'
import { ownFolder } from './chosen.ts'
import { instrumentation } from './instrument.ts'
import { GLOBAL, type Loaded, type LoadSettings, setLoadSettings, written, writtenModule } from './load.ts'
import { autoReport } from './report.ts'
import { warnWhenEmpty } from './warn.ts'

interface CommonJsModule {
  _compile(content: string, filename: string, ...more: unknown[]): unknown
}

/** The few members of `node:module` that are used; some are newer than the types. */
interface ModuleApi {
  Module: { prototype: CommonJsModule }
  register?(specifier: string, options: { data: LoadSettings }): void
  registerHooks?(hooks: {
    load(url: string, context: unknown, next: (url: string, context: unknown) => Loaded): Loaded
  }): void
}

/** The app's own files: below the folder it is started in, without packages. */
const OWN_FILES = '**'

/** Records every function that the app's modules give away, from now on. Called once a thread. */
export function start(registered: string): void {
  const settings: LoadSettings = {
    patterns: runtime.env('NFO_AUTO') || OWN_FILES,
    folder: process.cwd(),
    own: ownFolder(registered)
  }
  const api = nodeModule as unknown as ModuleApi
  Object.defineProperty(globalThis, GLOBAL, { configurable: true, value: instrumentation(autoReport()) })
  setLoadSettings(settings)
  if (runtime.name === 'bun') startOnBun(settings)
  else if (api.registerHooks)
    api.registerHooks({ load: (url, context, next) => writtenModule(url, next(url, context)) })
  else api.register?.(`${registered}?hooks`, { data: settings })
  compileWritten(api.Module.prototype)
  warnWhenEmpty(settings)
  // Now, since an app that never asks for a logger is recorded, too.
  if (runtime.env('NFO_SINKS') || runtime.env('NFO_RECORD')) getLogger()
}

function compileWritten(prototype: CommonJsModule): void {
  const compile = prototype._compile
  prototype._compile = function _compile(content, filename, ...more) {
    return compile.call(this, typeof content === 'string' ? written(filename, content) : content, filename, ...more)
  }
}
