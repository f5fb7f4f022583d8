/**
 * What mysql2 asks of iconv-lite, by node's own decoders: text that a server sends in a character set that Buffer does not
 * know. The sessions of the functions are in utf8mb4, which Buffer does; but what the server says of changes in the session
 * is read in the server's own default, whichever that is, and a function of yours may have its session in `utf8`.
 */

/** The encodings of mysql2's that node has under another name. */
const NAMES: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  eucjp: 'euc-jp',
  eucjpms: 'euc-jp',
  euckr: 'euc-kr',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  latin7: 'iso-8859-13',
  macroman: 'macintosh',
  tis620: 'windows-874',
  utf16: 'utf-16be',
  'utf16-le': 'utf-16le',
}

/** The decoder throws where node does not know the encoding, for text would be mangled. */
export function getDecoder(encoding: string): { write(bytes: Uint8Array): string; end(): undefined } {
  const decoder = decoderOf(encoding)
  const write = (bytes: Uint8Array) => {
    if (encoding === CESU8) return fromCesu8(bytes)
    if (decoder !== undefined) return decoder.decode(bytes)
    // ASCII is the same in each that node does not know, but for Sweden's 7 bits; a zero byte is of wider characters
    const isAscii = encoding !== 'swe7' && bytes.every((byte) => byte > 0 && byte < 0x80)
    if (isAscii) return Buffer.from(bytes).toString('latin1')
    throw new Error(`The database sent text in ${encoding}, which cannot be read here. ${REMEDY}`)
  }
  return { write, end: () => undefined }
}

function decoderOf(encoding: string): TextDecoder | undefined {
  try {
    return new TextDecoder(NAMES[encoding] ?? encoding, { ignoreBOM: true })
  } catch {
    return undefined
  }
}

/** @throws Error for all that Buffer does not know but a session in `utf8`: nothing in node writes them */
export function getEncoder(encoding: string): { write(text: string): Buffer; end(): undefined } {
  if (encoding !== CESU8) throw new Error(`Text cannot be sent to the database in ${encoding}. ${REMEDY}`)
  return { write: toCesu8, end: () => undefined }
}

const REMEDY = 'Let the connection be in utf8mb4 (SET NAMES utf8mb4).'

/**
 * What mysql2 takes MySQL's utf8 (utf8mb3) for: as UTF-8, but a character that would have 4 bytes is the halves of its pair,
 * of 3 bytes each. MariaDB stores them, MySQL refuses them.
 */
const CESU8 = 'cesu8'

function toCesu8(text: string): Buffer {
  const halfOf = (unit: number) => Buffer.of(0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f))
  // every other part is a half
  const parts = text.split(/([\ud800-\udfff])/)
  return Buffer.concat(parts.map((part, at) => (at % 2 === 0 ? Buffer.from(part) : halfOf(part.charCodeAt(0)))))
}

function fromCesu8(bytes: Uint8Array): string {
  const unitOf = (half: Buffer) => 0xd000 | (((half[1] ?? 0) & 0x3f) << 6) | ((half[2] ?? 0) & 0x3f)
  const parts = Buffer.from(bytes)
    .toString('latin1')
    .split(/(\xed[\xa0-\xbf][\x80-\xbf])/)
    .map((part) => Buffer.from(part, 'latin1'))
  return parts.map((part, at) => (at % 2 === 0 ? part.toString() : String.fromCharCode(unitOf(part)))).join('')
}
