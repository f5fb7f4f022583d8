import type { Server } from 'node:http'
import { errorCode } from '../shared/errorCode'
import { UserError } from '../shared/userError'

/**
 * Listens on the loopback interface only.
 * @param hint how another port is chosen, such as `PORT=8081 npm start`
 * @throws UserError when the port is taken, or one that only root may use
 */
export function bind(server: Server, port: number, hint: (port: number) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      switch (errorCode(error)) {
        case 'EADDRINUSE':
          return reject(
            new UserError(`Port ${port} is in use. Stop what uses it, or choose another: ${hint(port + 1)}`),
          )
        case 'EACCES':
          // those below 1024
          return reject(
            new UserError(`Port ${port} may not be used by this user. Choose another: ${hint(port + 8000)}`),
          )
        default:
          return reject(error)
      }
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
