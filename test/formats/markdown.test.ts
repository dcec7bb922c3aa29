import { type Node, Parser } from 'commonmark'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry } from '../../src/core/types.ts'
import { inspectValue, visible } from '../../src/formats/inspect.ts'
import { markdownHead, toMarkdown } from '../../src/formats/markdown.ts'
import { slow } from '../_run/runtime.ts'
import { anyEntries } from './_entries.ts'
import { entry } from './_entry.ts'

const test = suite('formats/markdown')
const numRuns = slow ? 30 : 300

/** Every node of the document, in order. */
function nodesOf(markdown: string): Node[] {
  const walker = new Parser().parse(markdown).walker()
  const nodes: Node[] = []
  for (let step = walker.next(); step; step = walker.next()) if (step.entering) nodes.push(step.node)
  return nodes
}

const OWN = [
  'document',
  'heading',
  'text',
  'code',
  'list',
  'item',
  'paragraph',
  'strong',
  'thematic_break',
  'softbreak'
]
const SAFE = new Set([...OWN, 'code_block'])

/** The code of the document, which is where data stands. */
const codes = (nodes: readonly Node[]): (string | null)[] =>
  nodes.filter(({ type }) => type === 'code' || type === 'code_block').map(({ literal }) => literal)

/** The text outside of code. */
const prose = (nodes: readonly Node[]): string =>
  nodes.map((node) => (node.type === 'text' ? node.literal : '')).join('')

function checkShape(entries: readonly Entry[]): Node[] {
  const markdown = markdownHead + entries.map((one) => `${toMarkdown(one)}\n\n`).join('')
  const nodes = nodesOf(markdown)
  const count = (type: string): number => nodes.filter((node) => node.type === type).length
  for (const { type } of nodes) assert.ok(SAFE.has(type), `${type} in ${markdown}`)
  assert.is(count('heading'), 1 + entries.length, markdown)
  assert.is(count('thematic_break'), entries.length, markdown)
  assert.is(count('list'), entries.length, markdown)
  assert.not.match(markdown, /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u)
  return nodes
}

test('writes a call as a section', () => {
  const given = entry({ environment: 'prod', version: '1.4.2', traceId: 'req-1', extra: { yields: 2 } })
  assert.is(
    toMarkdown(given),
    `## 2026-11-22T22:35:57.140356+00:00 | DEBUG | \`price\`

- **Module:** \`shop/cart\`
- **Args:** \`sku: 'a-1', count: 2\`
- **Arg types:** \`string, number\`
- **Duration:** 1.2 ms
- **Return:** \`17.5\` (\`number\`)
- **Environment:** \`prod\`
- **Trace ID:** \`req-1\`
- **Version:** \`1.4.2\`
- **\`yields\`:** \`2\`

---`
  )
})

test('writes a failed call with its stack', () => {
  const error = {
    exception: 'no stock',
    exceptionType: 'TypeError',
    traceback: 'TypeError: no stock\n    at f (a.ts:1:2)\n'
  }
  const { returnValue: _value, ...call } = entry({ ...error, level: 'error', module: '', durationMs: undefined })
  assert.is(
    toMarkdown({ ...call, clock: 'frozen', args: [], argTypes: [], llmAnalysis: 'One.\r\nTwo.' }),
    `## 2026-11-22T22:35:57.140356+00:00 | ERROR | \`price\`

- **Duration:** unknown, the clock stood still
- **Exception:** \`TypeError\`: \`no stock\`
- **Traceback:** ${''}
  \`\`\`
  TypeError: no stock
      at f (a.ts:1:2)
  \`\`\`
- **LLM Analysis:** ${''}
  \`\`\`
  One.
  Two.
  \`\`\`

---`
  )
})

test('writes a message, and a call that has not returned', () => {
  const message = entry({
    kind: 'message',
    level: 'warn',
    functionName: '',
    module: '',
    args: ['low: 3 left'],
    params: []
  })
  const { returnValue: _value, durationMs: _duration, ...logged } = message
  assert.is(
    toMarkdown({ ...logged, extra: { sku: 'a-1' } }),
    `## 2026-11-22T22:35:57.140356+00:00 | WARNING

- **Message:** \`low: 3 left\`
- **\`sku\`:** \`'a-1'\`

---`
  )
  assert.match(toMarkdown(entry({ open: true })), '- **Duration:** still running after 1.2 ms\n')
})

const attacks = [
  ...['`', '``', '```\n# a\n```', '````', '`a`', '` a `', '   ', ' a ', '\\`', '~~~', '`'.repeat(99)],
  ...['<b>a</b>', '<script>alert(1)</script>', '<!-- a', '<?a?>', '<![CDATA[a]]>', '</div>\n<div>'],
  ...['<img src=x onerror=a>'],
  ...['[a](http://evil)', '![a](http://evil/a.png)', '[a]: http://evil', '<http://evil>', 'http://evil', '[a][b]'],
  ...['![', ']('],
  ...['# a', '\n# a', '\n\n# a\n\n', 'a\n===', 'a\n---', '\n---\n', '***', '* a', '- a', '\n- a', '1. a', '> a'],
  ...['\n    a'],
  ...['|', 'a|b\n|-|-|\na|b', '**', '**a**', '_a_', '&lt;b&gt;', '&#96;', '\\', '\\\n', 'a  \nb', '\ta', '$x$'],
  ...[':smile:'],
  ...['\r', '\r\n\r\n# a', '\u2028# a', '\0', '\x1b[31m', '\u202ea\u202c', '\u2066', '\u200b', '\ud800', '\ufeff'],
  ...['\u00a0']
]

test('never lets data become markup, wherever it stands', () => {
  for (const text of attacks) {
    const given = [
      entry({
        functionName: text,
        module: text,
        params: [text],
        args: [text, { [text]: text }],
        argTypes: [text, text]
      }),
      entry({
        returnValue: text,
        returnType: text,
        environment: text,
        traceId: text,
        version: text,
        llmAnalysis: text
      }),
      entry({ exception: text, exceptionType: text, traceback: text, extra: { [text]: [text] } }),
      entry({ exception: `a\n${text}\n${text}`, traceback: `${text}\n  ${text}\n    ${text}` }),
      entry({ kind: 'message', args: [text], extra: { a: new Snapshot('instance', text, { [text]: text }) } })
    ]
    const nodes = checkShape(given)
    const labels = prose(checkShape(given.map((one) => ({ ...one, ...clean(one) }))))
    assert.is(prose(nodes).replace(/[:() ]/g, ''), labels.replace(/[:() ]/g, ''), text)
  }
})

/** The same entry with `a` for every text that is not empty. */
function clean(given: Entry): Partial<Entry> {
  const fields = Object.entries(given).map(([name, value]) => {
    const isPlain = typeof value !== 'string' || !value || ['kind', 'level', 'clock'].includes(name)
    return [name, isPlain ? value : /[\r\n]/.test(value) ? 'a\nb' : 'a']
  })
  return { ...Object.fromEntries(fields), args: given.args.map(() => 'a'), params: [], argTypes: ['a'] }
}

test('shows the very text', () => {
  for (const text of attacks) {
    const shown = visible(text)
    const [name, exception, stack] = codes(checkShape([entry({ functionName: text || 'x' })]))
    assert.is(name, shown, text)
    assert.ok(exception !== undefined && stack !== undefined)
    const lines = `first ${text}\nlast ${text}`
    const found = codes(checkShape([entry({ traceback: lines })])).at(-1)
    const expected = lines.trimEnd().split(/\r\n|[\r\n]/)
    assert.is(found, `${expected.map(visible).join('\n')}\n`, text)
  }
})

test('is code in its place and nothing else, for any entry', () => {
  fc.assert(
    fc.property(fc.array(anyEntries, { minLength: 1, maxLength: 3 }), (given) => {
      checkShape(given)
    }),
    { numRuns }
  )
})

const piece = fc.constantFrom(...attacks, 'a', ' ', '\n', '  \n', '    ')
const mixtures = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))

test('is code in its place and nothing else, for any mixture of markup', () => {
  const given = fc.tuple(mixtures, mixtures, mixtures).map(([one, other, third]) => [
    entry({
      functionName: one,
      args: [other],
      exception: third,
      traceback: one,
      llmAnalysis: other,
      extra: { [third]: one }
    }),
    entry({ kind: 'message', args: [one], module: other, exceptionType: third, traceback: other, environment: one })
  ])
  fc.assert(
    fc.property(given, (entries) => {
      checkShape(entries)
    }),
    { numRuns }
  )
})

test('ends a block that was torn at the next section', () => {
  const torn = toMarkdown(entry({ traceback: 'Error\n```\n# no\n' }))
  for (let length = torn.indexOf('Traceback'); length < torn.length; length++) {
    const nodes = nodesOf(`${torn.slice(0, length)}\n${toMarkdown(entry())}`)
    assert.is(nodes.filter(({ type }) => type === 'heading').length, 2, torn.slice(0, length))
  }
})

test('cuts long values and texts', () => {
  const long = 'x`'.repeat(2 ** 19)
  const lines = 'at f\n'.repeat(2 ** 18)
  const given = entry({ args: [long, long], returnValue: long, exception: long, functionName: long, traceback: lines })
  const markdown = toMarkdown({ ...given, environment: long, extra: { [long]: long } })
  assert.ok(markdown.length < 70_000, `${markdown.length}`)
  checkShape([given])
  const [name, ...rest] = codes(nodesOf(markdown))
  assert.is(name, `${long.slice(0, 1999)}…`)
  assert.ok(rest.includes(inspectValue(long, 2000)))
  assert.is(rest.find((text) => text?.startsWith('at f\n'))?.length, 20_001)
})

test.run()
