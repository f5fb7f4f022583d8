/** The terminal and npm both pass Ctrl-C on, so a signal may come twice: the first stops, the rest changes nothing. */
export function firstSignal(): { stopping: AbortSignal; coming: Promise<void> } {
  const controller = new AbortController()
  const coming = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (controller.signal.aborted) return
        controller.abort()
        console.log('stopping …')
        resolve()
      })
    }
  })
  return { stopping: controller.signal, coming }
}
