import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import type { Delivery, EventDetail } from '../protocol'
import { clockTime, duration, exactTime } from './format'
import { useTexts } from './useSettings'

/** What happened to an event: it was received, rules did not match it, or did and it was delivered. */
export function Steps({ event, unblock }: { event: EventDetail; unblock(bus: string, rule: string): void }) {
  const { detail, outcome, said } = useTexts()
  const { bus, source, receivedAt, mismatches, deliveries, deadLetters } = event
  return (
    <ol class="steps">
      <li class="delivered">
        <b>{detail.received}</b> {exactTime(receivedAt)} · {detail.bus} {bus} · {detail.source} {source}
      </li>
      {mismatches.map(({ rule, why }) => (
        <li key={rule} class="unmatched">
          <b>{rule}</b> {said(why)}
        </li>
      ))}
      {mismatches.length + deliveries.length === 0 && <li class="unmatched">{outcome.noRule}</li>}
      {deliveries.map((delivery) => (
        <li key={`${delivery.rule}/${delivery.target}`} class={delivery.state}>
          <b>{delivery.rule}</b> {detail.matched(delivery.target)}
          <DeliverySteps delivery={delivery} deadLetters={deadLetters} unblock={() => unblock(bus, delivery.rule)} />
        </li>
      ))}
    </ol>
  )
}

interface DeliveryStepsProps {
  delivery: Delivery
  deadLetters: EventDetail['deadLetters']
  unblock(): void
}

/** Of many attempts the last ones are what matters. */
const SHOWN = 5

/** Each attempt of a delivery, and what it came to. */
function DeliverySteps({ delivery, deadLetters, unblock }: DeliveryStepsProps) {
  const { detail } = useTexts()
  const { state, nextAttemptAt, tries } = delivery
  const slowest = Math.max(1, ...tries.map(({ ms }) => ms))
  const [earlier, last] = [tries.slice(0, -SHOWN), tries.slice(-SHOWN)]
  return (
    <>
      {earlier.length > 0 && (
        <details>
          <summary>{detail.earlier(earlier.length)}</summary>
          <Attempts tries={earlier} slowest={slowest} />
        </details>
      )}
      {last.length > 0 && <Attempts tries={last} slowest={slowest} />}
      <p class={`end ${state}`}>
        {state === 'pending' && tries.length > 0
          ? detail.againAt(clockTime(nextAttemptAt, Date.now()))
          : detail.deliveries[state]}
        {state === 'blocked' && (
          <button type="button" onClick={unblock}>
            {detail.unblock}
          </button>
        )}
        {state === 'dead-lettered' &&
          deadLetters.map(({ queue, deadAt }) => (
            <small key={`${queue} ${deadAt}`}>
              {queue} · {exactTime(deadAt)}
            </small>
          ))}
      </p>
    </>
  )
}

function Attempts({ tries, slowest }: { tries: Delivery['tries']; slowest: number }) {
  const { detail, said, units } = useTexts()
  return (
    <table class="attempts">
      <ColumnHeads titles={[detail.attempt, detail.at, detail.took, detail.result]} isHidden />
      <tbody>
        {tries.map(({ number, startedAt, ms, error, answer }) => (
          <tr key={number}>
            <td>{number}</td>
            <td title={exactTime(startedAt)}>{clockTime(startedAt, Date.now())}</td>
            <td class="took">
              <span class="bar" style={{ width: `${Math.max(2, (ms / slowest) * 40)}px` }} /> {duration(ms, units)}
            </td>
            <td class={error === null ? 'ok' : 'error'}>{error === null ? (answer ?? '✓') : said(error)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
