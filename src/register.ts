import { type Loaded, type LoadSettings, setLoadSettings, writtenModule } from './auto/load.ts'

type NextLoad = (url: string, context: unknown) => Promise<Loaded>

// Node before 22.15 loads this file a second time, in the thread of its loaders, where only these two are used.
export const initialize = (settings: LoadSettings): void => setLoadSettings(settings)
export const load = async (url: string, context: unknown, next: NextLoad): Promise<Loaded> =>
  writtenModule(url, await next(url, context))

if (!import.meta.url.endsWith('?hooks')) {
  const { start } = await import('./auto/start.ts')
  start(import.meta.url)
}
