import { useState } from 'preact/hooks'
import { ColumnHeads } from '../../../shared/page/client/ColumnHeads'
import { count } from '../../../shared/page/client/count'
import { useWidth } from '../../../shared/page/client/useWidth'
import type { Day } from '../protocol'
import { type Part, partsOf } from './parts'
import { useTexts } from './useTexts'

const RANGES = ['90', '365', 'all'] as const
type Range = (typeof RANGES)[number]

/** How many there were, who came and who left: as a line, as bars, and as a table for those who do not see them. */
export function HeadcountChart({ days }: { days: readonly Day[] }) {
  const { headcount, changes, range: ranges, asTable } = useTexts()
  const [range, setRange] = useState<Range>('365')
  const shown = range === 'all' ? days : days.slice(-Number(range))
  const unit = shown.length <= 100 ? 'day' : shown.length <= 800 ? 'week' : 'month'
  const parts = partsOf(shown, unit)
  const sum = (name: 'joiners' | 'leavers') => shown.reduce((total, day) => total + day[name], 0)
  const inWords = `${changes.joiners} ${count(sum('joiners'))} · ${changes.leavers} ${count(sum('leavers'))}`
  return (
    <section class="card wide-card" aria-label={headcount.title}>
      <header>
        <h2>{headcount.title}</h2>
        <strong>{headcount.now(count(days.at(-1)?.headcount ?? 0))}</strong>
        <span class="spring" />
        <label>
          {ranges.label}{' '}
          <select value={range} onChange={({ currentTarget }) => setRange(currentTarget.value as Range)}>
            {RANGES.map((one) => (
              <option key={one} value={one}>
                {ranges[one]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <Line parts={parts} label={`${headcount.title}: ${count(days.at(-1)?.headcount ?? 0)}`} />
      <h3>
        {changes.title} <small>{changes.per[unit]}</small>
      </h3>
      <p>
        <span class="key joiners">{changes.joiners}</span> {count(sum('joiners'))}{' '}
        <span class="key leavers">{changes.leavers}</span> {count(sum('leavers'))}
      </p>
      <Bars parts={parts} label={inWords} />
      <p class="ends muted">
        <span>{parts[0]?.from}</span>
        <span>{shown.at(-1)?.day}</span>
      </p>
      <details>
        <summary>{asTable}</summary>
        <div class="scrolled">
          <table>
            <ColumnHeads titles={[changes.from, changes.joiners, changes.leavers, changes.headcount]} />
            <tbody>
              {[...parts].reverse().map((part) => (
                <tr key={part.from}>
                  <td>{part.from}</td>
                  <td>{count(part.joiners)}</td>
                  <td>{count(part.leavers)}</td>
                  <td>{count(part.headcount)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      <p class="muted">{headcount.history}</p>
    </section>
  )
}

const [LINE_HEIGHT, BARS_HEIGHT, LABELS_WIDTH] = [150, 90, 48]

interface ChartProps {
  parts: readonly Part[]
  label: string
}

/** From 0 on, so that a small change does not look like a great one. */
function Line({ parts, label }: ChartProps) {
  const [element, width] = useWidth()
  const most = niceCeiling(Math.max(1, ...parts.map(({ headcount }) => headcount)))
  const step = (width - LABELS_WIDTH - 6) / Math.max(1, parts.length - 1)
  const xOf = (at: number) => LABELS_WIDTH + at * step
  const yOf = (headcount: number) => LINE_HEIGHT - 4 - (headcount / most) * (LINE_HEIGHT - 12)
  const points = parts.map(({ headcount }, at) => `${xOf(at).toFixed(1)},${yOf(headcount).toFixed(1)}`)
  const last = parts.at(-1)
  return (
    <div ref={element}>
      <svg width={width} height={LINE_HEIGHT} role="img" aria-label={label}>
        {[0, most / 2, most].map((value) => (
          <g key={value}>
            <line class="axis" x1={LABELS_WIDTH} x2={width} y1={yOf(value)} y2={yOf(value)} />
            <text x={LABELS_WIDTH - 6} y={yOf(value) + 4}>
              {count(value)}
            </text>
          </g>
        ))}
        {parts.length > 1 && (
          <>
            <polygon
              class="area"
              points={`${xOf(0)},${yOf(0)} ${points.join(' ')} ${xOf(parts.length - 1)},${yOf(0)}`}
            />
            <polyline class="line" points={points.join(' ')} />
          </>
        )}
        {last && <circle class="dot" cx={xOf(parts.length - 1)} cy={yOf(last.headcount)} r={3} />}
        <g aria-hidden>
          {parts.map(({ from, headcount }, at) => (
            <rect key={from} class="hit" x={xOf(at) - step / 2} y={0} width={Math.max(1, step)} height={LINE_HEIGHT}>
              <title>{`${from}\n${count(headcount)}`}</title>
            </rect>
          ))}
        </g>
      </svg>
    </div>
  )
}

/** Who came stands above the line, who left hangs below it. */
function Bars({ parts, label }: ChartProps) {
  const { changes } = useTexts()
  const [element, width] = useWidth()
  const up = Math.max(0, ...parts.map(({ joiners }) => joiners))
  const down = Math.max(0, ...parts.map(({ leavers }) => leavers))
  if (up + down === 0) return <p class="muted">{changes.none}</p>
  const scale = (BARS_HEIGHT - 16) / (up + down)
  const axis = 8 + up * scale
  const barWidth = (width - LABELS_WIDTH) / parts.length
  return (
    <div ref={element}>
      <svg width={width} height={BARS_HEIGHT} role="img" aria-label={label}>
        {up > 0 && (
          <text x={LABELS_WIDTH - 6} y={12}>
            {count(up)}
          </text>
        )}
        {down > 0 && (
          <text x={LABELS_WIDTH - 6} y={BARS_HEIGHT - 4}>
            {count(down)}
          </text>
        )}
        <line class="axis" x1={LABELS_WIDTH} x2={width} y1={axis} y2={axis} />
        <g aria-hidden>
          {parts.map(({ from, joiners, leavers }, at) => {
            const x = LABELS_WIDTH + at * barWidth + 0.5
            const thick = Math.max(1, barWidth - 1)
            return (
              <g key={from}>
                <title>{`${from}\n${changes.joiners} ${count(joiners)}\n${changes.leavers} ${count(leavers)}`}</title>
                <rect class="hit" x={x} y={0} width={thick} height={BARS_HEIGHT} />
                <rect class="joiners" x={x} y={axis - joiners * scale} width={thick} height={joiners * scale} />
                <rect class="leavers" x={x} y={axis} width={thick} height={leavers * scale} />
              </g>
            )
          })}
        </g>
      </svg>
    </div>
  )
}

/** The next number that a person would put on a scale, and whose half is whole. */
function niceCeiling(number: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(number))
  const found = [1, 2, 4, 5, 6, 8, 10].map((step) => step * magnitude).find((step) => step >= number) ?? number
  return Math.max(2, found)
}
