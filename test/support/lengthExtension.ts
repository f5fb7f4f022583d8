const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits))

/** SHA-1's block function, which no library offers from the middle. https://www.rfc-editor.org/rfc/rfc3174 */
function compress([a0, b0, c0, d0, e0]: Words, block: Buffer): Words {
  const w = Array.from({ length: 16 }, (_, at) => block.readInt32BE(4 * at))
  for (let t = 16; t < 80; t++) w.push(rotate(at(w, t - 3) ^ at(w, t - 8) ^ at(w, t - 14) ^ at(w, t - 16), 1))
  let [a, b, c, d, e] = [a0, b0, c0, d0, e0]
  for (let t = 0; t < 80; t++) {
    const [mixed, constant] =
      t < 20
        ? [(b & c) | (~b & d), 0x5a827999]
        : t < 40
          ? [b ^ c ^ d, 0x6ed9eba1]
          : t < 60
            ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
            : [b ^ c ^ d, 0xca62c1d6]
    const next = (rotate(a, 5) + mixed + e + at(w, t) + constant) | 0
    ;[a, b, c, d, e] = [next, a, rotate(b, 30), c, d]
  }
  return [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0, (e0 + e) | 0]
}

type Words = [number, number, number, number, number]
const at = (words: readonly number[], index: number) => words[index] ?? 0

/**
 * The length extension attack on hash(secret ‖ text): from the hash and the length alone, that of the text with more
 * behind it.
 * @param length of what was hashed, in bytes
 * @returns the bytes to put behind the text, which end in `more`, and their hash
 */
export function extendSha1(signature: string, length: number, more: string): { suffix: Buffer; signature: string } {
  const glue = padding(length)
  const total = length + glue.length + more.length
  const rest = Buffer.concat([Buffer.from(more), padding(total)])
  const state = Buffer.from(signature, 'hex')
  let words: Words = [0, 4, 8, 12, 16].map((from) => state.readInt32BE(from)) as Words
  for (let from = 0; from < rest.length; from += 64) words = compress(words, rest.subarray(from, from + 64))
  const digest = Buffer.alloc(20)
  words.forEach((word, index) => void digest.writeInt32BE(word, 4 * index))
  return { suffix: Buffer.concat([glue, Buffer.from(more)]), signature: digest.toString('hex') }
}

/** What SHA-1 puts behind so many bytes. */
function padding(length: number): Buffer {
  const bytes = Buffer.alloc(1 + ((119 - (length % 64)) % 64) + 8)
  bytes.writeUInt8(0x80, 0)
  bytes.writeUInt32BE(8 * length, bytes.length - 4)
  return bytes
}
