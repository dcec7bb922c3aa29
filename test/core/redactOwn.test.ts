import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger, type Logger } from '../../src/core/logger.ts'
import { Recorder } from '../../src/core/ring.ts'
import { fakeHost } from './_lab.ts'
import { CANARY, hitsIn, spillOf, total } from './_secrets.ts'

const test = suite('core/redact own names')

type Act = (logger: Logger) => unknown

test('nor is one by a name of the logger’s or of the wrap’s own', async () => {
  const value = () => ({ tenantId: CANARY, map: new Map([['tenant-id', CANARY]]), text: `a=1&tenant_id=${CANARY}` })
  const named = (logger: Logger, redact?: string[]) =>
    logger.wrap((_tenantId: string, _rest: unknown) => value(), { name: 'own', redact })
  const act =
    (redact?: string[]): Act =>
    (logger) =>
      named(logger, redact)(CANARY, value())
  assert.ok((await spillOf(act())).ring > 0)
  const cases: [Act, string[] | undefined][] = [
    [act(), ['tenantId']],
    [act(['TENANT_ID']), undefined],
    [act(['other']), ['tenant_id']],
    [act(['tenantId']), ['other']]
  ]
  for (const [run, redact] of cases) {
    const spill = await spillOf(run, CANARY, { redact })
    assert.is(spill.ring, 0, `${redact}: ${spill.ring} hits in the ring`)
    assert.is(total(spill), 0, JSON.stringify(spill.outputs))
  }
})

test('a wrap’s own names hold for the wrap alone, and for its promises', async () => {
  const spill = await spillOf(async (logger) => {
    const later = logger.wrap(async (_id: string) => ({ id: CANARY }), { name: 'later', redact: ['id'] })
    const other = logger.wrap((given: { id: string }) => given, 'other')
    await later(CANARY)
    other({ id: 'marker' })
  })
  assert.match(spill.text, 'marker')
  assert.is(spill.ring, 0)
})

test('a name that a later logger leaves out is left out from then on', () => {
  const recorder = new Recorder(65_536)
  const first = createLogger({}, fakeHost(), recorder)
  const take = first.wrap((_tenantId: string, _rest: object) => {}, 'take')
  take('before', { tenantId: 'before' })
  createLogger({ redact: ['tenantId'] }, fakeHost(), recorder)
  take('after', { tenantId: CANARY })
  assert.is(hitsIn(recorder.u8), 0)
})

test.run()
