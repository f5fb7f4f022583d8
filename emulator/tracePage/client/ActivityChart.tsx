import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import { count } from '../../../shared/page/client/count'
import { useWidth } from '../../../shared/page/client/useWidth'
import type { ActivityBucket, ActivityChart as Chart, Latency } from '../../store/activity'
import { EVENT_STATES } from '../../store/traceFilter'
import { clockTime, duration } from './format'
import { useTexts } from './useSettings'
import { hrefOf, type View, withFilter } from './view'

interface ActivityChartProps {
  /** absent until it has come */
  chart: Chart | undefined
  view: View
  zoom(view: View): void
}

/** Events and latency over time: in words, as bars, and as a table for those who do not see the bars. */
export function ActivityChart({ chart, view, zoom }: ActivityChartProps) {
  const { chart: texts, states, units, outcome } = useTexts()
  // without a bar there is no scale, but its place is kept: the list below must not move away from under a click
  if (chart === undefined || chart.buckets.length === 0) {
    return (
      <section class="chart" aria-label={texts.label}>
        <p>{chart ? texts.nothing : '\u00a0'}</p>
        <div>
          <svg height={HEIGHT} aria-hidden />
        </div>
        <p class="axis-labels">&nbsp;</p>
      </section>
    )
  }
  const { buckets, latency, widthMs } = chart
  const total = sumOf(buckets.flatMap(({ counts }) => Object.values(counts)))
  const separator = outcome.separator
  /** `latency: median 5 ms, P95 9 ms` */
  const inWords = ({ median, p95 }: Latency) =>
    `${texts.latency}${texts.colon}${[texts.medianIs(duration(median, units)), texts.p95Is(duration(p95, units))].join(separator)}`
  const summary = [texts.events(total), ...(latency ? [inWords(latency)] : [])].join(' · ')
  const now = Date.now()
  const partOf = ({ at }: ActivityBucket): View =>
    withFilter(view, { last: '', from: new Date(at).toISOString(), to: new Date(at + widthMs).toISOString() })

  /** `delivered 12, failed 1` */
  function countsOf({ counts }: ActivityBucket): string {
    const found = EVENT_STATES.flatMap((state) => (counts[state] ? [`${states[state]} ${count(counts[state])}`] : []))
    return found.join(separator)
  }
  function describe(bucket: ActivityBucket): string {
    const times = `${clockTime(bucket.at, now)} – ${clockTime(bucket.at + widthMs, now)}`
    const { latency: took } = bucket
    return [times, countsOf(bucket), took && inWords(took)].filter(Boolean).join('\n')
  }

  return (
    <section class="chart" aria-label={texts.label}>
      <p>
        {texts.events(total)}
        {latency && (
          <>
            {' · '}
            {texts.latency}
            {texts.colon}
            <span class="key">
              <Dot /> {texts.medianIs(duration(latency.median, units))}
            </span>
            {separator}
            <span class="key">
              <Line /> {texts.p95Is(duration(latency.p95, units))}
            </span>
          </>
        )}{' '}
        <span class="muted hint">{texts.hint}</span>
      </p>
      <ChartBars chart={chart} partOf={partOf} zoom={zoom} label={`${texts.label} · ${summary}`} describe={describe} />
      <p class="axis-labels muted">
        <span>{clockTime(chart.from, now)}</span>
        <details>
          <summary>{texts.table}</summary>
          <table>
            <ColumnHeads titles={[texts.time, texts.count, texts.median, texts.p95]} />
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.at}>
                  <td>
                    <button type="button" class="quiet" onClick={() => zoom(partOf(bucket))}>
                      {clockTime(bucket.at, now)}
                    </button>
                  </td>
                  <td>{countsOf(bucket)}</td>
                  <td>{bucket.latency && duration(bucket.latency.median, units)}</td>
                  <td>{bucket.latency && duration(bucket.latency.p95, units)}</td>
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

/** The legend: what stands for the median in the chart, … */
function Dot() {
  return (
    <svg class="sign" width={8} height={12} aria-hidden>
      <circle class="latency" cx={4} cy={7} r={2.5} />
    </svg>
  )
}

/** … and what goes up to the 95th of 100. */
function Line() {
  return (
    <svg class="sign" width={8} height={12} aria-hidden>
      <line class="latency" x1={4} x2={4} y1={0} y2={12} />
    </svg>
  )
}

interface ChartBarsProps {
  chart: Chart
  /** the view of a part of the time */
  partOf(bucket: ActivityBucket): View
  zoom(view: View): void
  /** what the picture says, in words */
  label: string
  /** a part of the time in words */
  describe(bucket: ActivityBucket): string
}

const EVENTS_HEIGHT = 48
const LATENCY_TOP = 56
const LATENCY_HEIGHT = 22
const HEIGHT = LATENCY_TOP + LATENCY_HEIGHT
/** for what the highest bar and the slowest delivery are */
const LABELS_WIDTH = 52

/**
 * Above, how many events there were, by their state; below, how long deliveries took: a dot for the median, a line up to
 * the 95th of 100.
 */
function ChartBars({ chart, partOf, zoom, label, describe }: ChartBarsProps) {
  const { units } = useTexts()
  const [element, width] = useWidth()
  const { buckets, widthMs } = chart
  const first = Math.floor(chart.from / widthMs)
  const barWidth = (width - LABELS_WIDTH) / (Math.floor((chart.to - 1) / widthMs) - first + 1)
  const most = Math.max(1, ...buckets.map(({ counts }) => sumOf(EVENT_STATES.map((state) => counts[state] ?? 0))))
  const slowest = Math.max(1, ...buckets.map(({ latency }) => latency?.p95 ?? 0))

  function bar(bucket: ActivityBucket) {
    const { at, counts, latency } = bucket
    const x = LABELS_WIDTH + (at / widthMs - first) * barWidth + 0.5
    const thick = Math.max(1, barWidth - 1)
    const heights = EVENT_STATES.map((state) => ((counts[state] ?? 0) / most) * EVENTS_HEIGHT)
    return (
      <a
        key={at}
        href={hrefOf(partOf(bucket))}
        tabIndex={-1}
        onClick={(event) => {
          event.preventDefault()
          zoom(partOf(bucket))
        }}
      >
        <title>{describe(bucket)}</title>
        <rect class="hit" x={x} y={0} width={thick} height={HEIGHT} />
        {EVENT_STATES.map((state, index) => {
          const height = heights[index] ?? 0
          const y = EVENTS_HEIGHT - sumOf(heights.slice(0, index + 1))
          // a few failures among thousands must be seen
          const seen = height > 0 ? Math.max(1.5, height) : 0
          return height > 0 && <rect key={state} class={state} x={x} y={y} width={thick} height={seen} />
        })}
        {latency && (
          <>
            <line
              class="latency"
              x1={x + thick / 2}
              x2={x + thick / 2}
              y1={yOf(latency.p95)}
              y2={yOf(latency.median)}
            />
            <circle class="latency" cx={x + thick / 2} cy={yOf(latency.median)} r={1.75} />
          </>
        )}
      </a>
    )
  }
  const yOf = (ms: number) => HEIGHT - 2 - (ms / slowest) * (LATENCY_HEIGHT - 4)

  return (
    <div ref={element}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <text x={LABELS_WIDTH - 6} y={10}>
          {count(most)}
        </text>
        <text x={LABELS_WIDTH - 6} y={LATENCY_TOP + 10}>
          {duration(slowest, units)}
        </text>
        <line class="axis" x1={LABELS_WIDTH} x2={width} y1={EVENTS_HEIGHT + 0.5} y2={EVENTS_HEIGHT + 0.5} />
        {/* for the keyboard and those who do not see there is the table below */}
        <g aria-hidden>{buckets.map(bar)}</g>
      </svg>
    </div>
  )
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
