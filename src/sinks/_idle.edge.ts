/** Where there are no processes, nothing ends by itself. */
export const onIdle = (_listener: () => void) => (): void => {}
