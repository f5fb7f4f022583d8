/** The terminal and npm both pass Ctrl-C on, so a signal may come twice: the first stops, the rest changes nothing. */
export function firstSignal(): { came(): boolean; coming: Promise<void> } {
  let stopping = false
  const coming = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (stopping) return
        stopping = true
        console.log('stopping …')
        resolve()
      })
    }
  })
  return { came: () => stopping, coming }
}
