import { type Link, ok } from '../../../../shared/doctor/link'

/** Without TLS there would be no connection where it is required, so it only says which it is, and by whose will. */
export function judgeTls(cipher: string, setting: string | undefined): Link {
  if (cipher !== '') return ok('tls', `encrypted, the certificate verified (${cipher})`)
  return ok('tls', setting === 'off' ? 'off, as MYSQL_SSL says' : 'off: the host is in a private network')
}
