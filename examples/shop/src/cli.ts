import { withContext } from 'nfo'
import { logger } from '../nfo.config.ts'
import { importProducts, report, restock } from './commands.ts'

const commands: Record<string, (...values: string[]) => Promise<string>> = { import: importProducts, report, restock }
const [command = '', ...values] = process.argv.slice(2)

await withContext({ command, arguments: values }, async () => {
  try {
    if (!Object.hasOwn(commands, command)) throw new RangeError(`no command '${command}'; try ${Object.keys(commands)}`)
    console.log(await commands[command](...values))
  } catch (error) {
    logger.error('command failed', { error })
    console.error((error as Error).message)
    process.exitCode = 1
  }
})
