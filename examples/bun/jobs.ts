/**
 * Jobs with a file, SQLite and a record file in one folder. With `hang`, the last job never returns; with `thread`,
 * a worker thread writes.
 *
 *     bun build --compile jobs.ts nfo-thread.ts --outfile jobs
 *     ./jobs data
 */
import { configure, wrap } from 'nfo'

const [folder = 'data', how] = process.argv.slice(2)
const logger = configure({
  sinks: [`json:${folder}/jobs.jsonl`, `sqlite:${folder}/jobs.db`],
  record: `${folder}/jobs.nfo`,
  thread: how === 'thread'
})

const work = wrap(function work(job: number): number {
  if (job === 7) throw new Error('out of paper')
  while (job === 100);
  return job * 2
})

for (let job = 0; job < 100; job++) {
  try {
    work(job)
  } catch {}
}
await logger.flush()
console.log('100 jobs')
if (how === 'hang') work(100)
await logger.close()
