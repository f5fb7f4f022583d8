import type { Delivery, ListedEvent } from '../protocol'
import { clockTime, duration, shortAnswer } from './format'
import { useTexts } from './useSettings'

/** What became of an event, in a line a delivery. */
export function Outcome({ event, now }: { event: ListedEvent; now: number }) {
  const { outcome } = useTexts()
  if (event.deliveries.length > 0) {
    return event.deliveries.map((delivery) => (
      <DeliveryLine key={`${delivery.rule}/${delivery.target}`} delivery={delivery} now={now} />
    ))
  }
  if (event.mismatches.length === 0) return <div class="muted">{outcome.noRule}</div>
  return event.mismatches.map(({ rule, why }) => (
    <div key={rule} class="muted" title={why}>
      {rule}: {why}
    </div>
  ))
}

function DeliveryLine({ delivery, now }: { delivery: Delivery; now: number }) {
  const { outcome } = useTexts()
  const { target, state, nextAttemptAt, tries } = delivery
  const last = tries.at(-1)
  const parts = [headline()]
  if (state === 'delivered' && last) parts.push(duration(last.ms))
  if (tries.length > 1) parts.push(outcome.attempts(tries.length))
  const detail = last?.error ?? (last?.answer && shortAnswer(last.answer))
  return (
    <div title={detail ?? ''}>
      {parts.join(' · ')}
      {detail && <span class={last?.error ? 'error' : 'muted'}> · {detail}</span>}
    </div>
  )

  function headline(): string {
    if (state === 'delivered') return target
    if (state !== 'pending') return outcome[state](target)
    return tries.length === 0 ? outcome.delivering(target) : outcome.again(target, clockTime(nextAttemptAt, now))
  }
}
