import { type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'

/*
 * A certificate that signs itself, in DER: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1. Node reads
 * certificates and makes none.
 */

interface Holder {
  name: string
  privateKey: KeyObject
  publicKey: KeyObject
}

/** @returns its PEM */
export function makeCertificate({ name, privateKey, publicKey }: Holder, from: Date, until: Date): string {
  const holder = sequence(set(sequence(COMMON_NAME, tagged(UTF8_STRING, Buffer.from(name)))))
  const content = sequence(
    // version 3
    tagged(0xa0, tagged(INTEGER, Buffer.from([2]))),
    tagged(INTEGER, positive(randomBytes(16))),
    SHA256_WITH_RSA,
    holder,
    sequence(time(from), time(until)),
    holder,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', content, privateKey)
  // no bits of its last byte are unused
  const bits = tagged(BIT_STRING, Buffer.concat([Buffer.from([0]), signature]))
  return new X509Certificate(sequence(content, SHA256_WITH_RSA, bits)).toString()
}

const [INTEGER, BIT_STRING, UTF8_STRING, GENERALIZED_TIME, SEQUENCE, SET] = [0x02, 0x03, 0x0c, 0x18, 0x30, 0x31]
/** 2.5.4.3 */
const COMMON_NAME = Buffer.from('0603550403', 'hex')
/** 1.2.840.113549.1.1.11, and no parameters */
const SHA256_WITH_RSA = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'))

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content])
}

/** One byte up to 127, else so many bytes after one that says how many. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(SEQUENCE, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return tagged(SET, part)
}

/** No leading zero, and no sign. */
function positive(bytes: Buffer): Buffer {
  return Buffer.from([((bytes[0] ?? 0) & 0x3f) | 0x40, ...bytes.subarray(1)])
}

/** UTCTime, which ends with 2049, is what RFC 5280 wants before 2050. */
function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/\.\d+Z$|[-:T]/g, '')}Z`
  if (date.getUTCFullYear() < 2050) return tagged(UTC_TIME, Buffer.from(text.slice(2)))
  return tagged(GENERALIZED_TIME, Buffer.from(text))
}

const UTC_TIME = 0x17
