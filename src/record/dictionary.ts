import { MAX_NAMES, MAX_SITES } from '../core/layout.ts'
import { LEVELS } from '../core/sites.ts'
import type { SiteInfo } from '../core/types.ts'
import { LONGEST_LINE } from './names.ts'
import type { Scan } from './scan.ts'

/** Names and functions by number, as far as they are known. */
export interface Names {
  nameList: string[]
  sites: SiteInfo[]
  /** Makes up a function for a number that is not known. */
  needSite(number: number): void
  missing(): number
}

export function readNames({ bytes, names }: Pick<Scan, 'bytes' | 'names'>): Names {
  const nameList: string[] = []
  const sites: SiteInfo[] = []
  const made = new Set<number>()
  const utf8 = new TextDecoder()
  for (const { at, length } of names) {
    for (const line of utf8.decode(bytes.subarray(at, at + length)).split('\n')) {
      if (line.length <= LONGEST_LINE) readLine(line, nameList, sites)
    }
  }
  const holesIn = (list: unknown[]) => list.length - list.reduce((count: number) => count + 1, 0)
  return {
    nameList,
    sites,
    needSite(number) {
      if (sites[number]) return
      sites[number] = { name: `site#${number}`, module: '', params: [], level: 0 }
      made.add(number)
    },
    missing: () => holesIn(nameList) + holesIn(sites) + made.size
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

function readLine(line: string, nameList: string[], sites: SiteInfo[]): void {
  let fields: unknown
  try {
    fields = JSON.parse(line)
  } catch {
    return
  }
  if (!Array.isArray(fields)) return
  const [what, number, name, module, level, params] = fields as unknown[]
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || !isText(name)) return
  if (what === 'name' && number < MAX_NAMES) nameList[number] = name
  if (what !== 'site' || number > MAX_SITES || !isText(module) || !Array.isArray(params)) return
  const isLevel = typeof level === 'number' && LEVELS[level] !== undefined
  sites[number] = { name, module, params: params.filter(isText), level: isLevel ? level : 0 }
}
