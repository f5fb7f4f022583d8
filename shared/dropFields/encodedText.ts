/** The text that another one encodes, and where in that each of its characters begins. */
export interface DecodedText {
  text: string
  /** a position in the source for each position in the text, its end included */
  starts: readonly number[]
}

/** Decodes what is between the quotes of a JSON string. */
export function decodeEscapes(source: string): DecodedText {
  return decode(source, /\\(?:u[0-9a-f]{4}|.)/gi, (code) => JSON.parse(`"${code}"`) as string)
}

/** Decodes a name or a value of a form; what is no code stays: not everything with a percent sign is encoded. */
export function decodePercent(source: string): DecodedText {
  return decode(source, /\+|%[0-7][0-9a-f]|(?:%[89a-f][0-9a-f])+/gi, (code) =>
    code === '+' ? ' ' : Buffer.from(code.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

function decode(source: string, codes: RegExp, plainOf: (code: string) => string): DecodedText {
  const parts: string[] = []
  const starts: number[] = []
  const add = (part: string, from: number, step: 0 | 1) => {
    parts.push(part)
    for (let at = 0; at < part.length; at++) starts.push(from + at * step)
  }
  let end = 0
  for (const { 0: code, index } of source.matchAll(codes)) {
    add(source.slice(end, index), end, 1)
    add(plainOf(code), index, 0)
    end = index + code.length
  }
  add(source.slice(end), end, 1)
  return { text: parts.join(''), starts: [...starts, source.length] }
}
