import { isObject } from '../../shared/json'
import { nearest } from '../../shared/nearest'
import { UserError } from '../../shared/userError'
import type { StartOptions } from './localEventBridge'

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isTruth = (value: unknown) => typeof value === 'boolean'
const isFunction = (value: unknown) => typeof value === 'function'
const hasFunctions = (value: unknown, names: readonly string[]) =>
  isObject(value) && names.every((name) => isFunction(value[name]))

/** Each option, what it must be, and how that is said. What is in rules, targets, seeds and files is checked where it is read. */
const OPTIONS: Readonly<Record<keyof StartOptions, readonly [isRight: (value: unknown) => boolean, must: string]>> = {
  rules: [Array.isArray, 'be a list of rules, such as [{ pattern: {}, targets: "handler" }]'],
  targets: [(value) => isObject(value), 'be an object of handlers by their names'],
  config: [
    (value) => isText(value) || (isObject(value) && typeof value['text'] === 'string'),
    'be the path of an eventbridge.yaml, or { text }',
  ],
  watch: [isTruth, 'be true or false'],
  variables: [(value) => isObject(value), 'be an object of texts by their names'],
  dir: [isText, 'be the path of a folder'],
  port: [
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535,
    'be a number from 0 to 65535',
  ],
  clock: [(value) => hasFunctions(value, ['now', 'after']), 'be manualClock(), or have now() and after()'],
  retention: [
    (value) => isObject(value) && Object.values(value).every((one) => typeof one === 'number' && one >= 0),
    'be an object of numbers',
  ],
  seed: [(value) => isText(value) || Array.isArray(value), 'be the path of a file of events, or a list of events'],
  seedAgain: [isTruth, 'be true or false'],
  state: [(value) => typeof value === 'string' || isObject(value), 'be what exportState() gave'],
  allowedHosts: [(value) => Array.isArray(value) && value.every(isText), 'be a list of hosts'],
  region: [isText, 'be a text'],
  accountId: [isText, 'be a text'],
  accessKeyId: [isText, 'be a text'],
  accessKeySecret: [isText, 'be a text'],
  log: [isFunction, 'be a function that takes a line'],
}

/**
 * A caller without types, or one who slipped: what is not known here would else do nothing, and nobody would be told.
 * @throws UserError that names every fault
 */
export function checkOptions(options: object): void {
  if (!isObject(options))
    throw new UserError('startEventBridge takes an object of options, such as { rules, targets }.')
  const names = Object.keys(OPTIONS)
  const faults = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (!Object.hasOwn(OPTIONS, name)) {
      const meant = nearest(name, names)
      return [
        `${name}: is not known here: ${meant === undefined ? `there are ${names.join(', ')}` : `is ${meant} meant?`}`,
      ]
    }
    const [isRight, must] = OPTIONS[name as keyof StartOptions]
    return isRight(value) ? [] : [`${name}: must ${must}`]
  })
  const { targets } = options
  for (const [name, handler] of Object.entries(isObject(targets) ? targets : {})) {
    if (!isFunction(handler)) faults.push(`targets.${name}: must be a function`)
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'))
}
