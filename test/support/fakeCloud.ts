import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { startServer } from './rawHttp'

/** What the cloud knows in a test. */
export interface Known {
  keys: Record<string, string>
  accountId: string
  identityType: string
  project: string
  logstore: string
  apps: Record<string, string>
}

type Answer = [status: number, body: unknown]

export interface FakeCloud {
  known: Known
  /** host, method and path of each request whose signature held */
  asked: string[]
  /** how everything is answered, instead */
  instead: Answer | 'never' | undefined
  /** for a command whose `fetch` shall lead here, and whose database is on this machine */
  variables(databaseHost: string): Record<string, string>
  close(): Promise<void>
}

/** STS, Simple Log Service and DingTalk on this machine, which check signatures as the documents have them. */
export async function startFakeCloud(known: Known): Promise<FakeCloud> {
  const server = await startServer(async (req, res) => {
    if (cloud.instead === 'never') return
    const [status, body] = cloud.instead ?? answerTo(req, await bodyOf(req))
    if (status === 200) cloud.asked.push(`${hostOf(req)} ${req.method} ${req.url}`)
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })

  function answerTo(req: IncomingMessage, body: string): Answer {
    const host = hostOf(req)
    if (host === 'sts.aliyuncs.com') return answerOfSts(new URLSearchParams(body), known)
    if (host === 'api.dingtalk.com') return answerOfDingTalk(JSON.parse(body), known)
    if (host === `${known.project}.cn-hangzhou.log.aliyuncs.com`) return answerOfLogs(req, known)
    return [404, { errorCode: 'ProjectNotExist' }]
  }

  const origin = `http://127.0.0.1:${server.port}`
  const cloud: FakeCloud = {
    known,
    asked: [],
    instead: undefined,
    variables: (databaseHost) => ({
      NODE_OPTIONS: `--require ${path.join(__dirname, 'elsewhere.cjs')}`,
      ELSEWHERE: JSON.stringify({ '*.aliyuncs.com': origin, 'api.dingtalk.com': origin, [databaseHost]: '127.0.0.1' }),
    }),
    close: server.close,
  }
  return cloud
}

function hostOf(req: IncomingMessage): string {
  return String(req.headers['x-host'])
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism */
function answerOfSts(form: URLSearchParams, { keys, accountId, identityType }: Known): Answer {
  const secret = keys[form.get('AccessKeyId') ?? '']
  if (secret === undefined) return [404, { Code: 'InvalidAccessKeyId.NotFound' }]
  const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, escape)
  const names = [...form.keys()].filter((name) => name !== 'Signature').sort()
  const query = names.map((name) => `${encode(name)}=${encode(form.get(name) ?? '')}`).join('&')
  const signature = sign(`${secret}&`, `POST&%2F&${encode(query)}`)
  if (form.get('Signature') !== signature) return [400, { Code: 'SignatureDoesNotMatch' }]
  if (form.get('Action') !== 'GetCallerIdentity') return [400, { Code: 'InvalidAction.NotFound' }]
  return [200, { AccountId: accountId, IdentityType: identityType, Arn: `acs:ram::${accountId}:user/hr` }]
}

/** https://www.alibabacloud.com/help/doc-detail/29012.htm */
function answerOfLogs({ method, url = '', headers }: IncomingMessage, { keys, logstore }: Known): Answer {
  const [, keyId = '', signature] = /^LOG (.+):(.+)$/.exec(headers.authorization ?? '') ?? []
  const own = Object.keys(headers).filter((name) => name.startsWith('x-log-'))
  const lines = own.sort().map((name) => `${name}:${headers[name]}`)
  const text = [method, '', headers['content-type'] ?? '', headers.date, ...lines, url].join('\n')
  if (signature !== sign(keys[keyId] ?? '', text)) return [401, { errorCode: 'SignatureNotMatch' }]
  if (url === `/logstores/${logstore}`) return [200, {}]
  return [404, { errorCode: 'LogStoreNotExist' }]
}

/** https://open.dingtalk.com/document/development/obtain-the-access_token-of-an-internal-app */
function answerOfDingTalk({ appKey, appSecret }: Record<string, string>, { apps }: Known): Answer {
  if (appKey !== undefined && apps[appKey] === appSecret)
    return [200, { accessToken: 'an-access-token', expireIn: 7200 }]
  return [400, { code: 'invalidClientIdOrSecret' }]
}

function sign(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text).digest('base64')
}
