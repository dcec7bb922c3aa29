// Taken when the module loads: printing through a wrapped console.log would record every line that is printed.
const { log, error } = console

export function printToConsole(stream: 'stdout' | 'stderr', line: string): void {
  if (stream === 'stderr') error(line)
  else log(line)
}
