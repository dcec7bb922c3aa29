/** Whether a path, relative to where the patterns start, with forward slashes, is meant. */
export type Matches = (path: string) => boolean

/**
 * Reads patterns such as `src/**,!src/vendor/**`: `*` within a folder, `**` through folders, `?` one character, `{a,b}`.
 * `!` takes out again, and the last that fits decides. A bare name, `lodash`, is a package. Packages are only meant by
 * a pattern that names them or `node_modules`, and what is outside of the folder only by one that begins with `../`.
 */
export function globs(patterns: string | readonly string[]): Matches {
  const list = (typeof patterns === 'string' ? splitOutsideBraces(patterns) : patterns)
    .map((text) => text.trim())
    .filter(Boolean)
  const rules = list.map((text) => {
    const isTakenOut = text.startsWith('!')
    const pattern = isTakenOut ? text.slice(1) : text
    const isOutside = pattern.startsWith('../')
    return {
      isTakenOut,
      isOutside,
      inPackages: isPackage(pattern) || pattern.includes('node_modules'),
      regex: regexOf(pattern)
    }
  })
  // What is only told what to leave out takes all the rest.
  const start = rules.every(({ isTakenOut }) => isTakenOut)
  return (path) => {
    const inPackage = /(^|\/)node_modules\//.test(path)
    const outside = path.startsWith('../')
    let isMeant = start && !inPackage && !outside
    for (const { isTakenOut, isOutside, inPackages, regex } of rules) {
      if (!regex.test(path)) continue
      if (isTakenOut || ((inPackages || !inPackage) && (isOutside || !outside))) isMeant = !isTakenOut
    }
    return isMeant
  }
}

export const splitOutsideBraces = (text: string): string[] => text.split(/,(?![^{]*\})/)

/** `lodash`, `@scope/name` or `lodash/fp`, which is no file of the app. */
export function isPackage(pattern: string): boolean {
  return /^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(pattern) && !/\.([cm]?[jt]sx?)$/.test(pattern)
}

function regexOf(pattern: string): RegExp {
  if (isPackage(pattern)) return new RegExp(`(^|/)node_modules/${escaped(pattern)}/`)
  const text = pattern.replace(/^\.\//, '').replace(/\/$/, '/**')
  const parts = text.match(/\*\*\/?|[*?{},]|[^*?{},]+/g) ?? []
  let depth = 0
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part === '{') depth++
    else if (part === '}' && depth > 0) depth--
    else return part === ',' && depth > 0 ? '|' : escaped(part)
    return part === '{' ? '(?:' : ')'
  })
  return new RegExp(`^${source.join('')}${')'.repeat(depth)}$`)
}

/** For a pattern that means just that text. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
