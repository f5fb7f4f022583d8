import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares secrets in constant time, whatever the lengths: both sides are hashed first. */
export function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** The same of signatures, whose length is no secret. */
export function sameDigest(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
