import { readBus } from '../../../../cli/provision/readBus'
import { withMark } from '../../../../cli/provision/state'
import { http, target } from './states'

/** EventBridge that answers a page at a time. */
function api(answers: Readonly<Record<string, readonly object[]>>) {
  const calls: [string, object][] = []
  return {
    calls,
    async call(operation: string, body: object) {
      calls.push([operation, body])
      const page = Number((body as { NextToken?: string }).NextToken ?? 0)
      const pages = answers[operation] ?? []
      const answer = pages[page]
      if (answer === undefined) throw Object.assign(new Error('none'), { code: 'EventBusNotExist' })
      return { ...answer, ...(page + 1 < pages.length && { NextToken: String(page + 1) }) }
    },
  }
}

const rule = (RuleName: string, Description?: string) => ({
  RuleName,
  Description,
  Status: 'ENABLE',
  FilterPattern: '{}',
})

test('no such bus', async () => {
  expect(await readBus(api({}), 'bus', [])).toBeUndefined()
})

test('all pages, and the targets of the rules that the file names and of those that provision made', async () => {
  const eventBridge = api({
    getEventBus: [{ Description: 'a bus' }],
    listUserDefinedEventSources: [
      {
        EventSources: [{ Name: 'a', Description: null, SourceHttpEventResponse: { ...http, PublicWebHookUrl: ['x'] } }],
      },
      { EventSources: [{ Name: 'b', Description: 'the second' }] },
    ],
    listRules: [
      { Rules: [rule('named'), rule('theirs')], Total: 3 },
      { Rules: [rule('made', withMark('', ['employees']))] },
    ],
    listTargets: [{ Targets: [{ ...target(), Added: 'by the service' }] }],
  })
  expect(await readBus(eventBridge, 'bus', ['named'])).toEqual({
    description: 'a bus',
    sources: [
      { EventSourceName: 'a', Description: '', SourceHttpEventParameters: { ...http, Ip: [], Referer: [] } },
      { EventSourceName: 'b', Description: 'the second' },
    ],
    rules: [
      { ...rule('named'), Description: '', Targets: [target()] },
      { ...rule('theirs'), Description: '', Targets: [] },
      { ...rule('made', withMark('', ['employees'])), Targets: [target()] },
    ],
  })
  expect(eventBridge.calls.filter(([operation]) => operation === 'listTargets')).toEqual([
    ['listTargets', { EventBusName: 'bus', RuleName: 'named' }],
    ['listTargets', { EventBusName: 'bus', RuleName: 'made' }],
  ])
})

test('an answer that is not understood is told with its place', async () => {
  const eventBridge = api({ getEventBus: [{}], listUserDefinedEventSources: [{ EventSources: [{ Name: 1 }] }] })
  await expect(readBus(eventBridge, 'bus', [])).rejects.toThrow(
    "EventBridge's answer to listUserDefinedEventSources is not understood. EventSources.0.Name: ",
  )
})
