import path from 'node:path'
import { LIMITS, type OpenedDatabase } from '../../../functions/employees/database'
import { createTableStatements } from '../../../shared/mapping/tables'
import { type Authority, certificateAuthority, hasOpenssl } from '../../support/certificates'
import { type ControlledServer, controlledServer } from '../../support/controlledServer'
import { databaseInstance } from '../../support/databaseInstance'
import { employeesOn } from '../../support/employees'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'
import { temporaryFolder } from '../../support/temporaryFolder'

if (!hasOpenssl) console.warn('no openssl here to make certificates with: the tests of TLS are skipped')
const withOpenssl = hasOpenssl ? describe : describe.skip

const folder = temporaryFolder()
const EXPIRED = { from: '20200101000000Z', until: '20210101000000Z' }

withOpenssl('TLS to the database', () => {
  let server: ControlledServer
  let ours: Authority
  let others: Authority
  const opened: OpenedDatabase[] = []

  beforeAll(async () => {
    ours = certificateAuthority(path.join(folder, 'ours'))
    others = certificateAuthority(path.join(folder, 'others'))
    server = await controlledServer()
    await restart()
    const connection = await server.connect()
    for (const statement of createTableStatements(shippedMapping)) await connection.query(statement)
    await connection.end()
  })

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()))
  })

  afterAll(() => server.remove())

  async function restart(...options: string[]): Promise<void> {
    await server.signal('SIGKILL') // in order takes MySQL longer
    await server.start(...options)
  }

  async function restartWith({ certificate, key }: ReturnType<Authority['issue']>): Promise<void> {
    await restart(`--ssl-cert=${certificate}`, `--ssl-key=${key}`)
  }

  /** Whether the server lets the application in without TLS. */
  async function requireTls(isRequired: boolean): Promise<void> {
    const root = await server.root()
    const { user } = server.address
    for (const host of ['127.0.0.1', 'localhost', '%']) {
      await root.query(`ALTER USER '${user}'@'${host}' REQUIRE ${isRequired ? 'SSL' : 'NONE'}`)
    }
    await root.end()
  }

  function instance(ssl: string | undefined, limits = LIMITS): (name: string) => Promise<unknown> {
    const variables = ssl === undefined ? undefined : { MYSQL_SSL: ssl }
    const database = databaseInstance({ ...server.address, host: 'localhost' }, { limits }, variables)
    opened.push(database)
    return (name) => employeesOn(database)(deliveredEvent({ syncAction: 'user_add_org', userId: 'u', name }))
  }

  test('a server that proves who it is gets the rows, encrypted', async () => {
    await restartWith(ours.issue('localhost'))
    await requireTls(true)
    expect(await instance(ours.file)('小明')).toMatchObject({ stored: 1 })
    await expect(instance('off')('小明')).rejects.toThrow('(ER_ACCESS_DENIED_ERROR)')
    // loopback is private
    await expect(instance(undefined)('小明')).rejects.toThrow('(ER_ACCESS_DENIED_ERROR)')
    await requireTls(false)
    expect(await instance('off')('小明')).toMatchObject({ stored: 1 })
    expect(await instance(undefined)('小明')).toMatchObject({ stored: 1 })
  })

  test('one that does not is refused', async () => {
    await restartWith(ours.issue('localhost'))
    await expect(instance(others.file)('another CA')).rejects.toThrow('(HANDSHAKE_SSL_ERROR)')
    await expect(instance('required')('a CA that the system does not know')).rejects.toThrow('(HANDSHAKE_SSL_ERROR)')
    await restartWith(ours.issue('localhost', EXPIRED))
    await expect(instance(ours.file)('expired')).rejects.toThrow('(HANDSHAKE_SSL_ERROR)')
    await restartWith(ours.issue('rm-other.mysql.rds.aliyuncs.com'))
    await expect(instance(ours.file)('the name of another host')).rejects.toThrow('(HANDSHAKE_SSL_ERROR)')
    // MySQL's way since 8.4, and the one before it, MariaDB's
    await restart('--loose-tls-version=', '--loose-skip-ssl')
    await expect(instance(ours.file)('no TLS at all')).rejects.toThrow('(HANDSHAKE_NO_SSL_SUPPORT)')
  })

  test('an encrypted connection is replaced like any other, and has the same limits', async () => {
    const issued = ours.issue('localhost')
    await restartWith(issued)
    const limits = { ...LIMITS }
    const deliver = instance(ours.file, limits)
    expect(await deliver('before')).toMatchObject({ stored: 1 })
    await restartWith(issued)
    expect(await deliver('after a restart')).toMatchObject({ stored: 1 })
    await server.signal('SIGSTOP')
    try {
      limits.statementMs = 100
      await expect(deliver('while the server is frozen')).rejects.toThrow('(STATEMENT_TIMEOUT)')
      limits.connectMs = 100
      await expect(deliver('while the server is frozen')).rejects.toThrow('(CONNECT_TIMEOUT)')
    } finally {
      await server.signal('SIGCONT')
    }
    Object.assign(limits, LIMITS)
    expect(await deliver('after the freeze')).toMatchObject({ stored: 1 })
  })
})
