import { jsonFields } from '../shared/parseJson'
import { UserError } from '../shared/userError'
import type { FunctionHost } from './functionHost/functionHost'

/**
 * In the cloud a function with a bad configuration answers every request with an error; here it must not even start.
 * Both functions are called once with what changes nothing, which also makes their first instances.
 * @param badConfiguration what the webhook wrote about its configuration into its log
 * @param withPlaces tells where its bad variables were read
 * @throws UserError that names the variables
 */
export async function checkFunctions(
  webhook: Pick<FunctionHost, 'invoke'>,
  employees: Pick<FunctionHost, 'invoke'>,
  badConfiguration: () => string | undefined,
  withPlaces: (problems: string) => string,
): Promise<void> {
  const [request, delivery] = await Promise.all([
    webhook.invoke(Buffer.from(JSON.stringify(HTTP_PROBE)), PROBE_ID),
    employees.invoke(Buffer.from('[]'), PROBE_ID),
  ])
  if (request.errorType !== undefined || statusOf(request.body) === 500) {
    throw new UserError(`The webhook cannot start. ${withPlaces(badConfiguration() ?? errorMessageOf(request.body))}`)
  }
  if (delivery.errorType !== undefined) {
    throw new UserError(`The employees function cannot start. ${withPlaces(errorMessageOf(delivery.body))}`)
  }
}

/** Whether a function wrote the line about one of these calls: nobody else is interested in it. */
export function isProbeLine(line: string): boolean {
  return line.includes(`"requestId":"${PROBE_ID}"`)
}

const PROBE_ID = 'start-up-probe'

/** A method that no configuration allows: a healthy webhook answers 405. */
const HTTP_PROBE = {
  version: 'v1',
  rawPath: '/webhook/putEvents',
  body: '',
  isBase64Encoded: false,
  headers: {},
  queryParameters: {},
  requestContext: {
    accountId: '',
    domainName: '',
    domainPrefix: '',
    requestId: PROBE_ID,
    time: '',
    timeEpoch: '0',
    http: { method: 'PROBE', path: '/webhook/putEvents', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
  },
}

function statusOf(body: Buffer): unknown {
  return (JSON.parse(body.toString('utf8')) as { statusCode?: unknown }).statusCode
}

/** What a function's log line says of a bad configuration; undefined for any other line. */
export function badConfigurationOf(line: string): string | undefined {
  if (!line.includes('"bad_configuration"')) return undefined
  const { outcome, detail } = jsonFields(line)
  return outcome === 'bad_configuration' ? String(detail) : undefined
}

/** The message in a function's error, `{"errorMessage","errorType","stackTrace"}`. */
export function errorMessageOf(body: Buffer): string {
  return String(jsonFields(body.toString('utf8'))['errorMessage'] ?? '')
}
