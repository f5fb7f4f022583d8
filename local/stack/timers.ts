import { randomUUID } from 'node:crypto'
import type { Clock } from '../../shared/clock'
import type { FunctionHost } from '../functionHost/functionHost'
import { invokeInBackground } from '../gateway/invokeApi'
import type { DeployedFunction } from '../project/serverlessFile'

type Trigger = NonNullable<DeployedFunction['triggers']>[number]

const MINUTE_MS = 60_000

/**
 * Invokes functions when their timers of s.yaml say so, with what Function Compute hands over: the timer's name, its time and
 * its payload. For a loopback DingTalk alone: of a real one the hourly timer takes from the list of failed callbacks what the
 * deployed reconcile would then never see.
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/time-trigger-overview
 * @returns what stops them
 */
export function startTimers(
  deployed: readonly DeployedFunction[],
  hosts: ReadonlyMap<string, Pick<FunctionHost, 'invoke'>>,
  clock: Clock,
): () => void {
  let cancel = () => {}
  function waitForMinute(): void {
    const now = clock.now()
    const next = now - (now % MINUTE_MS) + MINUTE_MS
    cancel = clock.after(next - now, () => {
      // one that slept comes late: what was due meanwhile is not made up for, as a laptop that is closed does nothing
      if (clock.now() < next + MINUTE_MS) invokeDue(next)
      waitForMinute()
    })
  }

  function invokeDue(minute: number): void {
    for (const { functionName, triggers = [] } of deployed) {
      for (const trigger of triggers.filter((one) => isDue(one, minute))) {
        const host = hosts.get(functionName)
        if (host !== undefined) void invokeInBackground(host, timerEvent(trigger, minute), randomUUID())
      }
    }
  }

  waitForMinute()
  return () => cancel()
}

function timerEvent({ triggerName, triggerConfig }: Trigger, minute: number): Buffer {
  const triggerTime = new Date(minute).toISOString().replace('.000', '')
  return Buffer.from(JSON.stringify({ triggerTime, triggerName, payload: triggerConfig?.payload ?? '' }))
}

/** Whether a timer is due within this minute: seconds are of no account here. */
function isDue({ triggerType, triggerConfig: { cronExpression = '', enable } = {} }: Trigger, minute: number): boolean {
  return triggerType === 'timer' && enable !== false && matchesCron(cronExpression, minute)
}

/**
 * `CRON_TZ=Asia/Shanghai 0 10 2 * * *`, by its minute, hour, day, month and weekday, or `@every 60m`, counted from midnight
 * UTC.
 * @param minute milliseconds since 1970
 */
export function matchesCron(expression: string, minute: number): boolean {
  const [, every] = /^@every (\d+)m$/.exec(expression) ?? []
  if (every !== undefined) return (minute / MINUTE_MS) % Number(every) === 0
  const [, zone = 'UTC', cron] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/.exec(expression) ?? []
  const [, ...fields] = cron?.trim().split(/\s+/) ?? []
  if (fields.length !== 5) return false
  const now = partsOf(minute, zone)
  return fields.every((field, index) => takes(field, now[index] ?? 0))
}

/** Minute, hour, day, month, weekday (0 is Sunday). */
function partsOf(minute: number, timeZone: string): number[] {
  const options = {
    timeZone,
    hourCycle: 'h23',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const
  const parts = new Intl.DateTimeFormat('en', { ...options, weekday: 'short' }).formatToParts(minute)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return [
    ...['minute', 'hour', 'day', 'month'].map((type) => Number(of(type))),
    ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(of('weekday')),
  ]
}

/** `*`, `?`, `5`, `1-5`, `*\/10`, `0-30/10`, and lists of them. */
function takes(field: string, value: number): boolean {
  return field.split(',').some((item) => {
    const [, from, to, step = '1'] = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? ['', 'x']
    const first = from === undefined ? 0 : Number(from)
    const last = to === undefined ? (from === undefined || item.includes('/') ? value : first) : Number(to)
    return value >= first && value <= last && (value - first) % Number(step) === 0
  })
}
