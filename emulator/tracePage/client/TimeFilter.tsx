import { useTexts } from './useSettings'
import type { View } from './view'

/** The last minutes, hours or days, or a time from … to. */
export function TimeFilter({ view, change }: { view: View; change(part: View): void }) {
  const { filter } = useTexts()
  const isCustom = view.from !== undefined || view.to !== undefined
  const choose = (chosen: string) => {
    if (chosen !== 'custom') return change({ last: chosen, from: '', to: '' })
    const now = new Date()
    change({ last: '', from: new Date(now.getTime() - 3_600_000).toISOString(), to: now.toISOString() })
  }
  const otherLast = (last: string) => {
    const [, n = '', unit = ''] = /^(\d+)([smhd])$/.exec(last) ?? []
    return unit === '' ? last : filter.lastOther(n, unit === 'm' ? 'min' : (unit as 's' | 'h' | 'd'))
  }
  const moment = (name: 'from' | 'to') => (
    <input
      type="datetime-local"
      step="1"
      aria-label={filter[name]}
      value={toLocal(view[name])}
      onChange={({ currentTarget }) => change({ [name]: toUtc(currentTarget.value) })}
    />
  )
  return (
    <>
      <select
        aria-label={filter.time}
        value={isCustom ? 'custom' : (view.last ?? '')}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="">{filter.anyTime}</option>
        {view.last && !(view.last in filter.last) && <option value={view.last}>{otherLast(view.last)}</option>}
        {Object.entries(filter.last).map(([last, name]) => (
          <option key={last} value={last}>
            {name}
          </option>
        ))}
        <option value="custom">{filter.custom}</option>
      </select>
      {isCustom && moment('from')}
      {isCustom && moment('to')}
    </>
  )
}

/** `2026-11-24T15:03:22` of the browser's time zone, as the input has it. */
function toLocal(utc: string | undefined): string {
  const time = Date.parse(utc ?? '')
  if (Number.isNaN(time)) return ''
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

function toUtc(local: string): string {
  return local === '' ? '' : new Date(local).toISOString()
}
