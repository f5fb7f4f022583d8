/** How far China is ahead of UTC, the whole year. */
export const CHINA_AHEAD_MS = 8 * 3_600_000

/** What a clock in China shows: `2026-11-24T15:03:22.042`. */
export function chinaTime(ms: number): string {
  return new Date(ms + CHINA_AHEAD_MS).toISOString().slice(0, -1)
}
