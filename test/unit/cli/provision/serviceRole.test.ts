import { checkServiceRole } from '../../../../cli/provision/serviceRole'
import { startServer, type TestServer } from '../../../support/rawHttp'

describe('the service-linked role', () => {
  let server: TestServer
  let answer: [number, string]
  let asked: URLSearchParams

  beforeAll(async () => {
    server = await startServer((req, res) => {
      let body = ''
      req.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      req.on('end', () => {
        asked = new URLSearchParams(body)
        res.writeHead(answer[0]).end(answer[1])
      })
    })
  })

  afterAll(() => server.close())

  const check = (port = server.port) =>
    checkServiceRole({ accessKeyId: 'AKID', accessKeySecret: 'SECRET' }, new URL(`http://127.0.0.1:${port}/`))

  test('is asked for by its name', async () => {
    answer = [200, '{"Role":{"RoleName":"AliyunServiceRoleForEventBridgeSendToFC"}}']
    expect(await check()).toMatchObject({ state: 'ok' })
    expect(Object.fromEntries(asked)).toMatchObject({
      Action: 'GetRole',
      RoleName: 'AliyunServiceRoleForEventBridgeSendToFC',
      AccessKeyId: 'AKID',
    })
  })

  test.each<[string, [number, string], string, string]>([
    ['it is missing', [404, '{"Code":"EntityNotExist.Role"}'], 'missing', 'is missing'],
    ['the key may not ask', [403, '{"Code":"NoPermission"}'], 'unknown', '(NoPermission)'],
    ['an answer of somebody else', [502, '<html>'], 'unknown', '(HTTP 502)'],
  ])('%s: the command that makes it is given', async (_, given, state, reason) => {
    answer = given
    const { line, ...rest } = await check()
    expect(rest).toEqual({ state })
    expect(line).toContain(reason)
    expect(line).toContain(
      'aliyun resourcemanager CreateServiceLinkedRole --ServiceName sendevent-fc.eventbridge.aliyuncs.com',
    )
  })

  test('no connection', async () => {
    expect(await check(1)).toMatchObject({ state: 'unknown', line: expect.stringContaining('(no connection)') })
  })
})
