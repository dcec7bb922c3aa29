export function packagedBinary(name: 'deno' | 'bun' | 'workerd', root?: string): string | undefined
export function onPath(...names: string[]): string | undefined
export function chromium(): string | undefined
export function emulatedPi(root: string): { command: string[]; missing?: undefined } | { missing: string }
export function nodeWithSqlite(
  root: string
): { path: string; missing?: undefined } | { missing: string; path?: undefined }
