/**
 * What mysql2 asks of iconv-lite, by node's own decoders: text that a server sends in a character set that Buffer does not
 * know. The sessions of the functions are in utf8mb4, which Buffer does; but what the server says of changes in the session
 * is read in the server's own default, whichever that is.
 */

/** The encodings of mysql2's that node has under another name; MySQL's cesu8 (utf8mb3) has no character beyond 3 bytes. */
const NAMES: Readonly<Record<string, string>> = {
  cesu8: 'utf-8',
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

/** @throws Error always: mysql2 asks for what Buffer does not know */
export function getEncoder(encoding: string): never {
  throw new Error(`Text cannot be sent to the database in ${encoding}. ${REMEDY}`)
}

const REMEDY = 'Let the connection be in utf8mb4 (SET NAMES utf8mb4).'
