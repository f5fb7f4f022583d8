/**
 * Does the work for each item, so many at once, and for those that are added meanwhile, in their order. After the first
 * failure nothing more begins, and it is thrown once what is under way has ended.
 */
export function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, add: (item: T) => void) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  let next = 0
  let busy = 0
  let failure: { error: unknown } | undefined
  return new Promise((resolve, reject) => {
    const advance = () => {
      while (failure === undefined && busy < atOnce && next < queue.length) {
        busy++
        const item = queue[next++] as T
        work(item, (more) => queue.push(more))
          .catch((error: unknown) => {
            failure ??= { error }
          })
          .finally(() => {
            busy--
            advance()
          })
      }
      if (busy > 0) return
      if (failure === undefined) resolve()
      else reject(failure.error)
    }
    advance()
  })
}
