import { stringify } from 'lossless-json'
import { jsonFields, losslessJson } from '../../shared/json'
import type { ApiContext } from '../api/context'
import { disableRule, enableRule } from '../api/rules'
import { withoutSecrets } from '../api/traceQueries'
import { toAcceptedEvent } from '../resources/compiledBuses'
import { queuesOfRules } from '../resources/queuesOfRules'
import type { DeadLetter } from '../store/deadLetters'
import type { Store } from '../store/store'
import { publishDraft } from './publishDraft'
import type { People } from './queries'
import { createQueueDesk } from './queueDesk'
import { makeSamples } from './samples'
import { createTracePage, type Neighbours, type TracePage } from './tracePage'
import { tryEvent } from './tryEvent'

/** Events published again in one transaction. */
const REPLAYED_AT_ONCE = 500

/** The trace page of an emulator: what it shows comes from the store, what it does is done as a client of the API would. */
export function connectTracePage(
  context: ApiContext,
  store: Store,
  options: Neighbours & { people?: People | undefined },
): TracePage {
  const { resources, clock, wake } = context

  function rules() {
    const blocked = new Set(store.blockedLanes().map(({ bus, rule, target }) => `${bus}/${rule}/${target}`))
    return resources.rules.all().map(({ bus, name, enabled, filterPattern, targets }) => ({
      bus,
      rule: name,
      enabled,
      pattern: stringify(losslessJson(filterPattern), null, 2) ?? filterPattern,
      targets: targets.map(({ Id, Endpoint }) => ({
        id: Id,
        endpoint: withoutSecrets(Endpoint),
        blocked: blocked.has(`${bus}/${name}/${Id}`),
      })),
    }))
  }

  /** By the rules as they are now; what is on a bus that is gone is left out. */
  async function replay(seqs: readonly number[]): Promise<number> {
    let replayed = 0
    for (let done = 0; done < seqs.length; done += REPLAYED_AT_ONCE) {
      const traces = store.traces.findAll(seqs.slice(done, done + REPLAYED_AT_ONCE))
      const events = traces.flatMap(({ bus: name, json }) => {
        const bus = resources.compiled.get(name)
        return bus ? [toAcceptedEvent(bus, json, clock.now())] : []
      })
      await store.accept(events)
      replayed += events.length
      wake()
    }
    return replayed
  }

  /** Each stays in its queue until its target has the event; one whose bus is gone is left as it is. */
  async function publishLetters(letters: readonly DeadLetter[]): Promise<number> {
    let published = 0
    for (let done = 0; done < letters.length; done += REPLAYED_AT_ONCE) {
      const events = letters.slice(done, done + REPLAYED_AT_ONCE).flatMap(({ seq, json }) => {
        const bus = resources.compiled.get(String(jsonFields(json)['aliyuneventbusname']))
        return bus ? [{ ...toAcceptedEvent(bus, json, clock.now()), ofLetter: seq }] : []
      })
      await store.accept(events)
      published += events.length
      wake()
    }
    return published
  }

  const queues = createQueueDesk({
    store,
    named: () => queuesOfRules(resources.rules.all()),
    publishLetters,
    now: () => clock.now(),
  })

  return createTracePage({
    traces: store.traces,
    searches: store.searches,
    queues,
    samples: () =>
      makeSamples({ buses: resources.buses.all(), sources: resources.sources.all(), rules: resources.rules.all() }),
    publish: (draft) => publishDraft(draft, context, store.traces),
    tryEvent: (command) =>
      tryEvent(command, {
        ...context,
        rules: resources.rules.all(),
        buses: resources.buses.all().map(({ name }) => name),
        now: clock.now(),
      }),
    findPeople: store.people.find,
    activity: store.activity,
    onChange: store.onChange,
    clock,
    rules,
    async setRuleEnabled(bus, rule, enabled) {
      const request = { EventBusName: bus, RuleName: rule }
      if (enabled) await enableRule(request, context)
      else disableRule(request, context)
    },
    async unblock(bus, rule) {
      await store.unblock({ bus, rule }, clock.now())
      wake()
    },
    replay,
    webhookUrl: options.webhookUrl,
    directoryUrl: options.directoryUrl,
    robotUrl: options.robotUrl,
    organisationUrl: options.organisationUrl,
    ...(options.people && { people: options.people }),
  })
}
