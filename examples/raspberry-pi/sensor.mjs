// A sensor that is read ten times a second, and a bus that fails now and then.
// SENSOR_ROUNDS ends it after so many; without that it runs until it is stopped.
import process from 'node:process'
import { configure, wrap, wrapCatch } from 'nfo'
import { embedded } from 'nfo/embedded'

const folder = process.env.SENSOR_FOLDER ?? '.'
const rounds = Number(process.env.SENSOR_ROUNDS ?? Number.POSITIVE_INFINITY)
const everyMs = Number(process.env.SENSOR_INTERVAL_MS ?? 100)

const logger = configure(
  embedded({ name: 'sensor', sinks: [`sqlite:${folder}/sensor.db`], record: `${folder}/sensor.nfo` })
)

const readBus = wrap(function readBus(channel, round) {
  if (round % 500 === 499) throw new Error(`channel ${channel} does not answer`)
  return 20 + Math.sin(round / 10)
})
const readSensor = wrapCatch(
  function readSensor(channel, round) {
    return Math.round(readBus(channel, round) * 10) / 10
  },
  { fallback: null }
)

for (let round = 0; round < rounds; round++) {
  readSensor(0x76, round)
  await new Promise((resolve) => setTimeout(resolve, everyMs))
}
await logger.close()
