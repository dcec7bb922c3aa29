export { type AutoLogged, type AutoLogOptions, autoLog } from './autoLog.ts'
export { type AutoLoggedByName, autoLogByName } from './byName.ts'
export { type Instrument, instrument } from './instrument.ts'
export { autoReport, type Report, type Skipped } from './report.ts'
