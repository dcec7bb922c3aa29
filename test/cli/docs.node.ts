import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { prepare, shell } from './_docs.ts'

const test = suite('docs/cli.md')
const text = readFileSync('docs/cli.md', 'utf8')
const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block)

/** Commands and what they are said to print. */
const examples = blocks
  .flatMap((block) => block.split(/^\$ /m).slice(1))
  .map((example) => {
    const [command, ...output] = example.split('\n')
    return { command, output: output.join('\n') }
  })

// What differs from run to run: numbers, and the spaces that they leave.
const isMeasured = (command: string): boolean => /^nfo (recover|run)|nfo\.db/.test(command)
const withoutNumbers = (output: string): string =>
  output
    .replace(/\d+(\.\d+)?/g, '0')
    .replace(/ +/g, ' ')
    .replace(/0 µs|0 ms|0 s/g, '0 ms')

let folder = ''

test.before(async () => {
  folder = await prepare()
})

test('has examples of every command', () => {
  for (const command of ['query', 'sql', 'stats', 'export', 'recover', 'run']) {
    assert.ok(
      examples.some((example) => example.command.startsWith(`nfo ${command} `)),
      command
    )
  }
})

for (const { command, output } of examples) {
  test(`${command} prints what is said`, async () => {
    const seen = await shell(command, folder)
    if (isMeasured(command)) assert.is(withoutNumbers(seen), withoutNumbers(output))
    else assert.is(seen, output)
  })
}

test.run()
