/** https://help.aliyun.com/zh/eventbridge/product-overview/limits */
export const EVENTS_PER_BATCH = 16
/** An older page of PutEvents' limits, which is the stricter one; the newer one says 1 MB. */
const BYTES_PER_BATCH = 256 * 1024

/** Divides events, in their order, into what one PutEvents takes; one that is larger by itself is a batch of its own. */
export function inBatches<T extends { readonly json: string }>(events: readonly T[]): T[][] {
  const batches: T[][] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(event.json)
    const last = batches.at(-1)
    const fits = last !== undefined && last.length < EVENTS_PER_BATCH && bytes + size <= BYTES_PER_BATCH
    if (fits) last.push(event)
    else batches.push([event])
    bytes = fits ? bytes + size : size
  }
  return batches
}
