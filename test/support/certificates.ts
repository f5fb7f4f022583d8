import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

export interface Authority {
  /** its certificate */
  file: string
  /** A server's certificate for a host name, and its key. */
  issue(host: string, validity?: { from: string; until: string }): { certificate: string; key: string }
}

/** A certificate authority in a folder of its own, made by openssl: no key is ever kept. */
export function certificateAuthority(folder: string): Authority {
  fs.mkdirSync(folder, { recursive: true })
  const inFolder = (name: string) => path.join(folder, name)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const newKey = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA')
  fs.writeFileSync(inFolder('index.txt'), '')
  fs.writeFileSync(inFolder('index.txt.attr'), 'unique_subject = no\n')

  let issued = 0
  return {
    file: inFolder('ca.pem'),
    issue(host, { from, until } = { from: '20200101000000Z', until: '20490101000000Z' }) {
      const name = `server${++issued}`
      fs.writeFileSync(
        inFolder('ca.cnf'),
        [
          '[ca]\ndefault_ca = this',
          '[this]\ndatabase = index.txt\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\nrand_serial = yes',
          '[any]\ncommonName = supplied',
          `[server]\nsubjectAltName = DNS:${host}`,
        ].join('\n'),
      )
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`)
      const signing = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-extensions', 'server', '-batch']
      const validity = ['-startdate', from, '-enddate', until]
      openssl('ca', ...signing, ...validity, '-notext', '-in', `${name}.csr`, '-out', `${name}.pem`)
      return { certificate: inFolder(`${name}.pem`), key: inFolder(`${name}.key`) }
    },
  }
}
