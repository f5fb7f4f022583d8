import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendJson } from '../../shared/sendJson'
import type { SigningKey } from './signingKey'

/** Serves the certificate at its own address, as x-eventbridge-signature-url has it. */
export function createCertificateDoor(signingKey: () => Promise<SigningKey>) {
  return async function certificateDoor(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { certificate, fileName } = await signingKey()
    const isKnown = (req.method === 'GET' || req.method === 'HEAD') && req.url === `/${fileName}`
    if (!isKnown) return sendJson(res, 404, { code: 'NotFound', message: `The certificate is at /${fileName}.` })
    res.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(certificate)
  }
}

/**
 * Where a receiver gets the certificate: at the emulator's server, or, where it has none, in the address itself, which
 * fetch reads, too.
 * @param origin of the server
 */
export async function certificateUrl(
  signingKey: () => Promise<SigningKey>,
  origin: string | undefined,
): Promise<string> {
  const { certificate, fileName } = await signingKey()
  if (origin !== undefined) return `${origin}/${fileName}`
  return `data:application/x-pem-file;base64,${Buffer.from(certificate).toString('base64')}`
}
