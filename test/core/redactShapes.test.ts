import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { redactPairs, redactShapes } from '../../src/core/redact.ts'
import { slow } from '../_run/runtime.ts'
import { spillOf, total } from './_secrets.ts'

const test = suite('core/redact shapes')

const tail = 'Zx9Qw7Lp3Kv5Rt2Yn8Mb4Hc6'
// Put together here, so that whoever scans this repository for leaked keys finds none.
const glued = (...parts: string[]): string => parts.join('')

const secrets: Record<string, string> = {
  JWT: glued('ey', 'JhbGciOiJIUzI1NiJ9', '.ey', 'JzdWIiOiIxMjM0In0', '.', tail),
  PEM: glued('-----BEGIN RSA PRIV', 'ATE KEY-----\n', tail, '\n', tail, '\n-----END RSA PRIV', 'ATE KEY-----'),
  'a PEM that is cut': glued('-----BEGIN PRIV', 'ATE KEY-----\n', tail),
  AWS: glued('AK', 'IA', 'ABCDEFGH12345678'),
  Google: glued('AI', 'za', tail, 'abcdefghijk'),
  GitHub: glued('gh', 'p_', tail, 'AbCd'),
  'GitHub, fine-grained': glued('github', '_pat_', tail),
  GitLab: glued('gl', 'pat-', tail),
  Slack: glued('xo', 'xb-', tail),
  Stripe: glued('sk', '_live_', tail),
  'Stripe, restricted': glued('rk', '_live_', tail),
  OpenAI: glued('sk', '-proj-', tail),
  Anthropic: glued('sk', '-ant-', tail),
  npm: glued('np', 'm_', tail, 'AbCdEfGh'),
  'a card number': '4111111111111111',
  'a card number in groups': '4111 1111 1111 1111',
  'a card number with dashes': '5500-0000-0000-0004',
  'an American one': '378282246310005'
}

for (const [name, secret] of Object.entries(secrets)) {
  test(`is shown by no sink: ${name}`, async () => {
    const spill = await spillOf((logger) => {
      const take = logger.wrap((given: unknown, _set: unknown) => ({ given }), 'take')
      take(`marker ${secret}.`, new Set([secret, new Map([[secret, 1]])]))
      take({ list: [`"${secret}"`], [secret]: 1 }, `${'pad '.repeat(20)}${secret}`)
      logger.info(`marker (${secret})`, { note: secret })
      try {
        logger.wrap(() => {
          throw new Error(`marker ${secret}`, { cause: new TypeError(secret) })
        }, 'fail')()
      } catch {}
    }, secret)
    assert.match(spill.text, 'marker')
    assert.is(total(spill), 0, JSON.stringify(spill.outputs))
  })
}

test('bearer headers and passwords of URLs', async () => {
  const spill = await spillOf((logger) => {
    const take = logger.wrap((given: unknown) => given, 'take')
    take(`marker Bearer ${tail}`)
    take(`basic ${tail}==`)
    take(`postgres://user:${tail}@db.example.org:5432/app`)
    take(new URL(`https://user:${tail}@example.org/`))
  }, tail)
  assert.match(spill.text, 'marker')
  assert.match(spill.text, 'db.example.org')
  assert.is(total(spill), 0, JSON.stringify(spill.outputs))
})

test('what is no secret stays', () => {
  const fine = [
    '4111111111111112',
    '1234 5678 9012 3456',
    '1700000000000',
    '2024-01-31T12:34:56.789Z',
    '550e8400-e29b-41d4-a716-446655440000',
    'the bearer of this',
    'https://example.org:8080/a/b?c=d#e',
    'user@example.org',
    'skeleton-key-for-the-back-door',
    'task_list_of_the_whole_company',
    'eyJust a word. another. one',
    '0000000000000000',
    '-----BEGIN CERTIFICATE-----',
    'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334'
  ]
  for (const text of fine) assert.is(redactShapes(redactPairs(text)), text)
})

test('looking takes time in proportion to the text', () => {
  const pieces = [
    'a',
    '-',
    '"',
    '\\"',
    ' ',
    '1 ',
    '4',
    'eyJ',
    'eyJ-',
    'eyJabcdefgh.',
    'sk-',
    '-----BEGIN ',
    'A=',
    'ab="',
    "ab='",
    'ab:',
    '://a:',
    'bearer ',
    'ab =bearer ',
    'ghp_',
    '@'
  ]
  const timed = (act: () => void): number => {
    const began = performance.now()
    act()
    return performance.now() - began
  }
  const length = slow ? 2000 : 20_000
  const isProportional = (look: (text: string) => string, text: string): boolean => {
    const half = timed(() => look(text.slice(0, text.length / 2)))
    const whole = timed(() => look(text))
    return whole < (slow ? 400 : 20) || whole < half * 3.2
  }
  for (const piece of pieces) {
    for (const look of [redactShapes, redactPairs]) {
      // Other processes take their time too: one good measurement out of many tells.
      const good = Array.from({ length: 8 }).some(() => isProportional(look, piece.repeat(length)))
      assert.ok(good, `${look.name} of many ${JSON.stringify(piece)}`)
    }
  }
})

test.run()
