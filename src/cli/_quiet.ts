type Emit = (warning: string | Error, ...rest: unknown[]) => void

/** Node says of its own SQLite that it is new; whoever asks a file for its entries need not hear it. */
export function hideExperimentalWarnings(): void {
  const { emitWarning } = process as unknown as { emitWarning: Emit }
  Object.assign(process, {
    emitWarning(warning: string | Error, ...rest: unknown[]) {
      const [options] = rest
      const type = typeof options === 'object' ? (options as { type?: string } | null)?.type : options
      if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest)
    }
  })
}
