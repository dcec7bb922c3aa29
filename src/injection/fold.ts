/** What stands for a character that shows nothing: zero-width, direction marks, accents on their own. */
export const INVISIBLE = 1
export const GAP = 2

// Letters without a decomposition that look like, or are meant as, a Latin one: pairs of what is written and what is meant.
const LATIN = 'ıiłløođdðdħhŧtæaœoßsþpɑaɡgɩiɪiʏyƅbɴnɢgʀrʟlᴀaʙbᴄcᴅdᴇeꜰfʜhᴊjᴋkᴍmᴏoᴘpꜱsᴛtᴜuᴠvᴡwᴢz'
// Only inside a word that has Latin letters too; elsewhere they are their own alphabet's.
const MIXED = 'аaеeоoрpсcуyхxіiѕsјjһhԁdԛqԝwкkмmтtвbнhгrпnӏlοoαaεeιiκkνvρpτtυuχxηnγyωwσoβb'

const pairs = (text: string): Map<number, number> =>
  new Map(Array.from({ length: text.length / 2 }, (_, i) => [text.charCodeAt(i * 2), text.charCodeAt(i * 2 + 1)]))

let folded: Uint16Array | undefined
let latin: Map<number, number> | undefined
let mixed: Map<number, number> | undefined

/** What `foldUnit` has found so far; 0 where it was not asked. */
export function foldedUnits(): Uint16Array {
  folded ??= new Uint16Array(65_536)
  return folded
}

/** A UTF-16 unit as the lower-case letter, digit or mark it stands for, without accents; `INVISIBLE` or `GAP` for the others. */
export function foldUnit(unit: number): number {
  const known = foldedUnits()
  if (known[unit] === 0) known[unit] = foldNew(unit)
  return known[unit]
}

function foldNew(unit: number): number {
  const character = String.fromCharCode(unit)
  if (/[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/u.test(character)) return INVISIBLE
  // Hangul and kana would fall apart into single sounds; what is searched for is whole syllables.
  if ((unit >= 0xac00 && unit <= 0xd7a3) || (unit >= 0x3040 && unit <= 0x30ff)) return unit
  const lower = character.normalize('NFKD').toLowerCase().charCodeAt(0)
  latin ??= pairs(LATIN)
  const meant = latin.get(lower)
  if (meant !== undefined) return meant
  if (/[\p{L}\p{N}\p{Mc}]/u.test(String.fromCharCode(lower))) return lower
  if (lower < 128 && lower > 32) return lower
  return '。؟।！？'.includes(character) ? 46 : '、，،'.includes(character) ? 44 : GAP
}

/** A folded word with the look-alikes of other alphabets read as Latin. */
export function readMixed(word: string): string {
  mixed ??= pairs(MIXED)
  let read = ''
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    read += String.fromCharCode(mixed.get(unit) ?? unit)
  }
  return read
}

const LEET = 'oizeasgtbg'

/** A digit as the letter it looks like; `one` is what 1 stands for. Other units stay. */
export function leetUnit(unit: number, one: number): number {
  if (unit >= 48 && unit <= 57) return unit === 49 ? one : LEET.charCodeAt(unit - 48)
  return unit === 64 ? 97 : unit === 36 ? 115 : unit
}

/** The text folded as a whole, for the list of words. */
export function foldText(text: string): string {
  let shown = ''
  for (let i = 0; i < text.length; i++) {
    const unit = foldUnit(text.charCodeAt(i))
    if (unit > GAP) shown += String.fromCharCode(unit)
    else if (unit === GAP) shown += ' '
  }
  return shown
}
