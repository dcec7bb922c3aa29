const PLAIN = /^[\x20-\x7e]*$/
// East Asian scripts and their punctuation, full-width forms, and what is drawn as an emoji take two cells.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Yi}\u3000-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u
// Half-width katakana and hangul share their scripts with wide letters.
const HALF = /^[\uff61-\uffdc\uffe8-\uffee]/
const UNSEEN = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Cells that a line of text takes on a terminal. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += cellsOf(segment)
  return width
}

function cellsOf(grapheme: string): number {
  if (UNSEEN.test(grapheme)) return 0
  return WIDE.test(grapheme) && !HALF.test(grapheme) ? 2 : 1
}

/** At most so many cells; the last one is an ellipsis when something was cut. */
export function clipTo(text: string, width: number): string {
  // No character is wider than its length in UTF-16 units times two, so most texts need no counting.
  if (text.length * 2 <= width || widthOf(text) <= width) return text
  if (width < 1) return ''
  let room = width - 1
  let kept = ''
  for (const { segment } of segmenter.segment(text.slice(0, width * 16))) {
    room -= cellsOf(segment)
    if (room < 0) break
    kept += segment
  }
  return `${kept}…`
}

/** Exactly so many cells: clipped, or filled with spaces behind, or in front. */
export function fitTo(text: string, width: number, right = false): string {
  const clipped = clipTo(text, width)
  const spaces = ' '.repeat(Math.max(0, width - widthOf(clipped)))
  return right ? spaces + clipped : clipped + spaces
}
