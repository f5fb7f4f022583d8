import { rm } from 'node:fs/promises'

/**
 * Removes what a killed run left. A process of that run may still write there for a moment; what it keeps us from
 * removing now, the next run removes.
 */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch(() => {})
}
