import type { WrapOptions } from '../core/sites.ts'
import type { Callable } from '../core/wrap.ts'
import { isClass, isOldClass, record } from './record.ts'
import { emptyReport, type Report } from './report.ts'

export interface AutoLogOptions extends WrapOptions {
  /** Whether what begins with `_` is recorded, too. @default false */
  includePrivate?: boolean
}

/** What became of an object's functions. */
export interface AutoLogged<T> extends Report {
  /** What to use from now on: the object itself, or a copy of one that cannot be changed. */
  exports: T
}

type Members = Record<PropertyKey, unknown>
const { defineProperty, getOwnPropertyDescriptor, isExtensible } = Object

/** Own names of a class that are not its methods. */
const NOT_METHODS = new Set<PropertyKey>([
  'constructor',
  'prototype',
  'length',
  'name',
  'arguments',
  'caller',
  '__esModule'
])

/**
 * Records every function of an object, a class or what a CommonJS module gives away, in place; the methods of classes
 * in it, too. An ES module's namespace and a frozen object cannot be changed: `exports` is then a copy of the same type,
 * in which what is not a function stays live. Options are those of `wrap`. Throws for what is neither object nor function.
 *
 * @example
 * const { exports: math, wrapped } = autoLog({ add: (a: number, b: number) => a + b })
 * math.add(1, 2) // recorded; wrapped is ['add']
 */
export function autoLog<T extends object>(target: T, options: AutoLogOptions = {}): AutoLogged<T> {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null) {
    throw new TypeError(
      `[nfo] [autoLog] expected an object or a function, got ${target === null ? null : typeof target}; pass a module's exports`
    )
  }
  const { includePrivate = false, ...settings } = options
  const walk: Walk = { report: emptyReport(), settings, includePrivate }
  if (typeof target !== 'function') {
    const exports = isFixed(target) ? copyOf(target) : target
    visit(exports as Members, settings.name, walk, target as Members)
    return { ...walk.report, exports }
  }
  const fn = target as Callable
  const name = settings.name ?? (fn.name || 'anonymous')
  return { ...walk.report, exports: visitFunction(fn, name, walk) as T }
}

interface Walk {
  report: Report
  settings: WrapOptions
  includePrivate: boolean
}

const isFixed = (target: object): boolean => !isExtensible(target) || isNamespace(target)

/** What `import *` gives; bundlers make it of getters. */
function isNamespace(target: object): boolean {
  const properties = Object.values(Object.getOwnPropertyDescriptors(target))
  const isMade = properties.length > 0 && properties.every(({ get, set, configurable }) => get && !set && !configurable)
  return isMade || Object.prototype.toString.call(target) === '[object Module]'
}

/** Whose members are read from the original until they are replaced. */
function copyOf<T extends object>(target: T): T {
  const copy = Object.create(Object.getPrototypeOf(target))
  for (const key of Reflect.ownKeys(target)) {
    const get = (): unknown => (target as Members)[key]
    defineProperty(copy, key, {
      get,
      configurable: true,
      enumerable: getOwnPropertyDescriptor(target, key)?.enumerable
    })
  }
  return copy
}

/** Replaces the functions of `target`, which are found in `source`. */
function visit(target: Members, prefix: string | undefined, walk: Walk, source: Members): void {
  const { report, includePrivate } = walk
  for (const key of Reflect.ownKeys(source)) {
    if (NOT_METHODS.has(key)) continue
    const own = typeof key === 'symbol' ? `[${key.description}]` : key
    const name = prefix ? `${prefix}.${own}` : own
    const isPrivate = own.startsWith('_') && !includePrivate
    const reason = isPrivate ? 'begins with _' : reasonToSkip(source, key, target !== source)
    if (reason) {
      report.skipped.push({ name, reason })
      continue
    }
    const fn = source[key] as Callable
    const recorded = visitFunction(fn, name, walk)
    if (recorded !== fn) replace(target, key, recorded)
  }
}

function replace(target: Members, key: PropertyKey, value: Callable): void {
  const { configurable, enumerable, writable = true } = getOwnPropertyDescriptor(target, key) as PropertyDescriptor
  if (configurable) defineProperty(target, key, { value, configurable, enumerable, writable })
  else target[key] = value
}

/** Records a function, or the methods of a class; gives what takes its place. */
function visitFunction(fn: Callable, name: string, walk: Walk): Callable {
  if (isClass(fn)) {
    visit(fn.prototype, name, walk, fn.prototype)
    visit(fn as unknown as Members, name, walk, fn as unknown as Members)
    return fn
  }
  const recorded = record(fn, { ...walk.settings, name })
  // A class written as a function stays what it is.
  if (recorded !== fn || isOldClass(fn)) walk.report.wrapped.push(name)
  else walk.report.skipped.push({ name, reason: 'is recorded already, or marked with skip' })
  return recorded
}

function reasonToSkip(source: Members, key: PropertyKey, isCopied: boolean): string | undefined {
  const { get, set, value, configurable, writable } = getOwnPropertyDescriptor(source, key) as PropertyDescriptor
  if ((get || set) && !(isCopied && isNamespace(source))) return 'is an accessor'
  if (typeof (get ? source[key] : value) !== 'function') return 'is not a function'
  return isCopied || configurable || writable ? undefined : 'cannot be replaced'
}
