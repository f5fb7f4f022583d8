import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { bind } from '../../../shared/ownServer'
import { UserError } from '../../../shared/userError'
import { startServer } from '../../support/rawHttp'

const hint = (port: number) => `PORT=${port} npm start`

/** Tests may run as root, whom no port is refused. */
function refusingServer(code: string): http.Server {
  const server = http.createServer()
  jest.spyOn(server, 'listen').mockImplementation(() => {
    process.nextTick(() => server.emit('error', Object.assign(new Error(code), { code })))
    return server
  })
  return server
}

test('it listens on the loopback interface only', async () => {
  const server = http.createServer()
  await bind(server, 0, hint)
  const { address } = server.address() as AddressInfo
  server.close()
  expect(address).toBe('127.0.0.1')
})

test('a port that is taken: what to do', async () => {
  const taken = await startServer(() => {})
  const binding = bind(http.createServer(), taken.port, hint)
  await expect(binding).rejects.toThrow(UserError)
  await expect(binding).rejects.toThrow(
    `Port ${taken.port} is in use. Stop what uses it, or choose another: PORT=${taken.port + 1} npm start`,
  )
  await taken.close()
})

test('a port of root: one that is not', async () => {
  const binding = bind(refusingServer('EACCES'), 80, hint)
  await expect(binding).rejects.toThrow(UserError)
  await expect(binding).rejects.toThrow('Port 80 may not be used by this user. Choose another: PORT=8080 npm start')
})

test('any other error stays what it is', async () => {
  await expect(bind(refusingServer('EMFILE'), 8080, hint)).rejects.toMatchObject({ name: 'Error', code: 'EMFILE' })
})
