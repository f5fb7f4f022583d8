import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ActivityBucket, ActivityChart as Chart } from '../../store/activity'
import { EVENT_STATES } from '../../store/traceFilter'
import { ColumnHeads } from './ColumnHeads'
import { clockTime, count, duration } from './format'
import { useTexts } from './useSettings'
import { hrefOf, type View, withFilter } from './view'

interface ActivityChartProps {
  chart: Chart
  view: View
  zoom(view: View): void
}

/** Events and latency over time: in words, as bars, and as a table for those who do not see the bars. */
export function ActivityChart({ chart, view, zoom }: ActivityChartProps) {
  const { chart: texts, states } = useTexts()
  const { buckets, latency, widthMs } = chart
  const total = sumOf(buckets.flatMap(({ counts }) => Object.values(counts)))
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
          {duration(slowest)}
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

/** An element's width in pixels, as it is and as it becomes. */
function useWidth(): [RefObject<HTMLDivElement>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
