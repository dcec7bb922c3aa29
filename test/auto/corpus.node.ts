import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform as parse } from 'esbuild'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { transform } from '../../src/auto/transform.ts'

const test = suite('transform, real code')

const folders = ['node_modules/commonmark/lib', 'node_modules/semver', 'node_modules/uvu', 'src', 'test'].filter(
  existsSync
)
const isCode = (name: string): boolean => /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$|fixtures/.test(name)
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isCode)
    .map((name) => join(folder, name))
)

/** Whether it is JavaScript or TypeScript. */
async function isValid(code: string, path: string): Promise<string> {
  try {
    await parse(code, { loader: path.endsWith('ts') ? 'ts' : 'js', logLevel: 'silent' })
    return ''
  } catch (error) {
    return String((error as Error).message)
  }
}

test('stays code, and keeps its lines', async () => {
  let wrapped = 0
  for (const path of files) {
    const source = readFileSync(path, 'utf8')
    const read = transform(source, { module: path, instrument: 'I' })
    // The file that holds the mark is taken for one that was written into.
    if (path.endsWith('auto/transform.ts') || path.endsWith('auto/transform.test.ts')) continue
    assert.ok(read, `${path} was not read`)
    wrapped += read.wrapped.length
    if (read.code === source) continue
    assert.is(await isValid(read.code, path), '', path)
    const [before, after] = [source.split('\n'), read.code.split('\n')]
    assert.ok(after.length - before.length <= 1, path)
    const isThere = (line: string, number: number): boolean =>
      after[number].includes(line.trim().replace(/[;\s]*(\/\/.*)?$/, ''))
    const gone = before.filter((line, number) => !isThere(line, number) && !/const|export default|^\s*\}/.test(line))
    assert.equal(gone, [], path)
  }
  assert.ok(files.length > 200 && wrapped > 500, `${files.length} files, ${wrapped} functions`)
})

/** Statements, each with the names it gives away. */
const EXPORTS: [string, string[]][] = [
  ['export function NAME(a = "}", { b } = {}) { return a / 2 }', ['NAME']],
  ['export const NAME = (a) => `$' + '{a} } $' + '{`{`}`', ['NAME']],
  ['export const NAME = async a =>\n  a / 2 /\n  3', ['NAME']],
  ['export const NAME = function* () { yield /[/"]/ }, other_NAME = 1', ['NAME']],
  ['export class NAME extends Object { #a = 1; static { this.b = 2 } }', ['NAME']],
  ['function NAME() {}\nexport { NAME as out_NAME }', ['out_NAME']],
  ['export let NAME = function () {}.bind(null)', []],
  ['export const NAME = [() => 1][0]\n', []],
  ['export const { NAME } = { NAME() {} }', []]
]
const NOISE = [
  '// export function no() {} `',
  '/* export const no = () => { */',
  'if (1) { /}"/.test("") } else /`/.test("")',
  'const text_NAME = `export function no() {$' + '{"`"}}`',
  'let number_NAME = 4 / 2 / 1; number_NAME++ / 2',
  ';[1, 2].map((a) => a / 2)',
  'label_NAME: for (const a of [1]) { break label_NAME }',
  'const object_NAME = { function: 1, class: 2, get export() { return 3 }, async *import() {} }',
  'void function no() {}\n',
  '(() => { class No {} })()'
]

test('finds what is given away between anything else', async () => {
  const statement = fc.oneof(
    fc.constantFrom(...EXPORTS),
    fc.constantFrom(...NOISE.map((text): [string, string[]] => [text, []]))
  )
  const property = fc.asyncProperty(
    fc.array(statement, { maxLength: 12 }),
    fc.constantFrom('\n', ';\n', '\n\n', '; '),
    async (chosen, between) => {
      const own = (text: string, index: number): string => text.replaceAll('NAME', `name${index}`)
      // A comment takes the rest of its line; a statement without its end needs one before a bracket.
      const source = `export {}\n${chosen.map(([text], index) => `${own(text, index)}${text.startsWith('//') ? '\n' : between}`).join(';')}`
      fc.pre((await isValid(source, 'a.js')) === '')
      const read = transform(source, { module: 'm', instrument: 'I' })
      const names = chosen.flatMap(([, given], index) => given.map((name) => own(name, index)))
      assert.equal(read?.wrapped.sort(), names.sort(), source)
      assert.is(await isValid(read?.code ?? '', 'a.js'), '', read?.code)
    }
  )
  await fc.assert(property, { numRuns: 150 })
})

test.run()
