import { createPrivateKey, generateKeyPair, type KeyObject, sign, X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { errorCode } from '../../shared/errorCode'
import { makeCertificate } from './certificate'

/** What the emulator signs with, and its certificate. */
export interface SigningKey {
  /** RSA (PKCS #1 v1.5) and SHA-256, in Base64 */
  sign(text: string): Promise<string>
  /** PEM */
  certificate: string
  /** of the certificate's file, as the service names its own; another certificate has another */
  fileName: string
}

let ofProcess: Promise<SigningKey> | undefined

/**
 * Reads the key on first use, or makes it then, which takes a while.
 * @param file where it is kept, for the owner's eyes only; undefined: it is the process's, and kept nowhere
 */
export function openSigningKey(file: string | undefined): () => Promise<SigningKey> {
  let opened: Promise<SigningKey> | undefined
  return function signingKey() {
    if (file !== undefined) {
      opened ??= readOrMake(file).catch((error: unknown) => {
        // a full disk, or a file that somebody mends: the next one asks anew
        opened = undefined
        throw error
      })
      return opened
    }
    ofProcess ??= make().then(toSigningKey)
    return ofProcess
  }
}

async function readOrMake(file: string): Promise<SigningKey> {
  const kept = read(file)
  if (kept !== undefined) return toSigningKey(kept)
  const made = await make()
  // beside its name and then given it: whatever is found there is whole
  const partial = `${file}.new`
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  fs.rmSync(partial, { force: true })
  const key = made.privateKey.export({ type: 'pkcs8', format: 'pem' })
  fs.writeFileSync(partial, `${key}${made.certificate}`, { mode: 0o600 })
  fs.renameSync(partial, file)
  return toSigningKey(made)
}

interface Made {
  privateKey: KeyObject
  /** PEM */
  certificate: string
}

/** @throws Error for a file that has no key */
function read(file: string): Made | undefined {
  try {
    const text = fs.readFileSync(file, 'utf8')
    const certificate = new X509Certificate(text)
    const privateKey = createPrivateKey(text)
    if (certificate.checkPrivateKey(privateKey)) return { privateKey, certificate: certificate.toString() }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
  }
  throw new Error(`${file} has no key to sign with: remove it, and another is made`)
}

const DAY_MS = 86_400_000

async function make(): Promise<Made> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  // from a day ago: clocks differ
  const [from, until] = [-DAY_MS, 3650 * DAY_MS].map((ms) => new Date(Date.now() + ms)) as [Date, Date]
  const certificate = makeCertificate({ name: 'eventbridge-local', ...pair }, from, until)
  return { privateKey: pair.privateKey, certificate }
}

function toSigningKey({ privateKey, certificate }: Made): SigningKey {
  const { validFrom, fingerprint256 } = new X509Certificate(certificate)
  const day = new Date(validFrom).toISOString().slice(0, 10).replaceAll('-', '')
  const mark = fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase()
  return {
    certificate,
    fileName: `x509_public_certificate_${day}_${mark}.pem`,
    sign: (text) =>
      new Promise((resolve, reject) => {
        // in a thread of its own: it takes as long as the rest of a delivery
        sign('sha256', Buffer.from(text), privateKey, (error, signature) => {
          if (error) reject(error)
          else resolve(signature.toString('base64'))
        })
      }),
  }
}
