import { jsonFields, parseJson } from '../../shared/json'
import type { TargetParam } from '../transform/compileTransform'
import { ANY_FORM, compileParams } from './params'
import type { Connections, Delivery, DeliveryResult, Target } from './target'

const ENDPOINT = /^acs:fc:[^:]*:[^:]*:(?:services\/([^/.]+)(?:\.[^/]+)?\/)?functions\/([A-Za-z0-9_-]+)$/

/** FC takes 32 MB in a call, and an event has 256 KB at most. */
const MOST_IN_LIST = 100

/**
 * `acs.fc.function`: a function of Function Compute, `acs:fc:<region>:<account>:functions/<function>`, or with a service
 * as in its version 2, `…:services/<service>.<qualifier>/functions/<function>`. A laptop has one version of a function
 * and no services, so Qualifier and service are read and not used. The service's page requires all parameters; here,
 * as in much that is written for it, what is absent is Sync and Object.
 *
 * With ObjectList the payload is a list: of all that wait for the target, at most a hundred, and of one where that failed
 * before, the target keeps the order or the call is asynchronous. How many the service puts into one is not documented, nor
 * what it does with a Body that is no JSON, which here becomes a text in the list.
 *
 * A function that takes an event and cannot use it may say so in what it returns: a JSON object whose `deadLettered` is a
 * number above 0, which says of how many events it was given that is so; it does not say of which, so of a list all are taken
 * for such. The service knows nothing of this: to it such an event is delivered, as any that a function did not fail on.
 *
 * @throws Error that names the parameter and what to write
 */
export function compileFunctionTarget(
  endpoint: string,
  params: readonly TargetParam[],
  { invoke, functionNames, agents }: Connections,
): Pick<Target, 'deliver' | 'list'> {
  const [, serviceName, functionName] = ENDPOINT.exec(endpoint) ?? []
  if (functionName === undefined) {
    throw new Error('Endpoint: must be acs:fc:<region>:<account>:functions/<function>')
  }
  const { constant, text } = compileParams('acs.fc.function', params, {
    serviceName: serviceName === undefined ? { values: [] } : { inEndpoint: serviceName },
    functionName: { inEndpoint: functionName, meant: (name) => tellDeployed([functionName, name], functionNames) },
    Qualifier: {},
    InvocationType: { values: ['Sync', 'Async'] },
    DataFormat: { values: ['Object', 'ObjectList'] },
    Body: { required: true, forms: ANY_FORM },
  })
  const async = constant('InvocationType') === 'Async'
  const isList = constant('DataFormat') === 'ObjectList'
  const call = async (payload: string, delivery: Delivery | undefined): Promise<DeliveryResult> => {
    const result = await invoke(functionName, payload, { async, delivery, agents })
    return isSetAside(result) ? { ...result, isSetAside: true } : result
  }
  const bodyOf = (eventText: string) => text('Body', eventText)
  if (!isList) return { deliver: async (eventText, delivery) => call(bodyOf(eventText), delivery) }
  const deliver = async (eventTexts: readonly string[], delivery?: Delivery) =>
    call(`[${eventTexts.map((eventText) => jsonOf(bodyOf(eventText))).join()}]`, delivery)
  return {
    deliver: (eventText, delivery) => deliver([eventText], delivery),
    // an asynchronous call takes 128 KB
    ...(!async && { list: { most: MOST_IN_LIST, deliver } }),
  }
}

function tellDeployed(names: readonly string[], deployed: readonly string[] | undefined): string {
  if (deployed === undefined) return ''
  return `, and s.yaml has ${names.filter((name) => deployed.includes(name)).join(' and ') || 'neither'}`
}

function isSetAside({ error, answer }: DeliveryResult): boolean {
  if (error !== undefined || answer === undefined) return false
  const { deadLettered } = jsonFields(answer)
  return typeof deadLettered === 'number' && deadLettered > 0
}

function jsonOf(body: string): string {
  return parseJson(body) === undefined ? JSON.stringify(body) : body
}
