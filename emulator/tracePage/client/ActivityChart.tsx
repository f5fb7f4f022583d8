import type { ActivityBucket, ActivityChart as Chart } from '../../store/activityChart'
import { EVENT_STATES } from '../../store/traceFilter'
import { ChartBars } from './ChartBars'
import { clockTime, count, duration } from './format'
import { useTexts } from './useSettings'
import { type View, withFilter } from './view'

interface Props {
  chart: Chart
  view: View
  zoom(view: View): void
}

/** Events and latency over time: in words, as bars, and as a table for those who do not see the bars. */
export function ActivityChart({ chart, view, zoom }: Props) {
  const { chart: texts, states } = useTexts()
  const { buckets, latency, widthMs } = chart
  const total = buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0)
  const summary = [
    texts.events(total),
    ...(latency ? [texts.latency(duration(latency.median), duration(latency.p95))] : []),
  ].join(' · ')
  const now = Date.now()
  const partOf = ({ at }: ActivityBucket): View =>
    withFilter(view, { last: '', from: new Date(at).toISOString(), to: new Date(at + widthMs).toISOString() })

  /** `delivered 12, failed 1` */
  function countsOf({ counts }: ActivityBucket): string {
    const found = EVENT_STATES.flatMap((state) => (counts[state] ? [`${states[state]} ${count(counts[state])}`] : []))
    return found.join(', ')
  }
  function describe(bucket: ActivityBucket): string {
    const times = `${clockTime(bucket.at, now)} – ${clockTime(bucket.at + widthMs, now)}`
    const { latency: took } = bucket
    return [times, countsOf(bucket), took && texts.latency(duration(took.median), duration(took.p95))]
      .filter(Boolean)
      .join('\n')
  }

  // without a bar there is no scale
  if (buckets.length === 0) {
    return (
      <section class="chart" aria-label={texts.label}>
        <p>{texts.nothing}</p>
      </section>
    )
  }
  return (
    <section class="chart" aria-label={texts.label}>
      <p>
        {summary} <span class="muted hint">{texts.hint}</span>
      </p>
      <ChartBars chart={chart} partOf={partOf} zoom={zoom} label={`${texts.label} · ${summary}`} describe={describe} />
      <p class="axis-labels muted">
        <span>{clockTime(chart.from, now)}</span>
        <details>
          <summary>{texts.table}</summary>
          <table>
            <thead>
              <tr>
                {[texts.time, texts.count, texts.median, texts.p95].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.at}>
                  <td>
                    <button type="button" class="quiet" onClick={() => zoom(partOf(bucket))}>
                      {clockTime(bucket.at, now)}
                    </button>
                  </td>
                  <td>{countsOf(bucket)}</td>
                  <td>{bucket.latency && duration(bucket.latency.median)}</td>
                  <td>{bucket.latency && duration(bucket.latency.p95)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
        <span>{clockTime(chart.to, now)}</span>
      </p>
    </section>
  )
}

function totalOf({ counts }: ActivityBucket): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0)
}
