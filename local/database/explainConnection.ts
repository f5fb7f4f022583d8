import { errorCode } from '../../shared/errorCode'

/**
 * Why there is no connection to a server that MYSQL_* name, and which of them to look at; never a value that is a secret.
 * @param error the driver's
 * @param without what is used when neither MYSQL_HOST nor MYSQL_PORT is set
 */
export function explainConnection(error: unknown, host: string, port: number, without: string): string {
  const code = errorCode(error) || 'unknown error'
  const server = `The database server at ${host}:${port}`
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return `${server} refuses the login. Look at MYSQL_USER and MYSQL_PASSWORD.`
    case 'ER_BAD_DB_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
      return `${server} has no database MYSQL_DATABASE that MYSQL_USER may use. Make it, or give that user rights on it.`
    case 'HANDSHAKE_NO_SSL_SUPPORT':
    case 'HANDSHAKE_SSL_ERROR':
      return `${server} offers no TLS, or none that can be trusted. Set MYSQL_SSL to the file of its CA, or to off if the network in between is yours.`
    default:
      return `${server} does not answer (${code}). Start it, or look at MYSQL_HOST and MYSQL_PORT; without them ${without}.`
  }
}
