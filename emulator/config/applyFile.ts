import { isDeepStrictEqual } from 'node:util'
import { nextId } from '../api/connections'
import { NO_BUS } from '../resources/definitions'
import { DEFAULT_BUS, type Resources, type Table } from '../resources/resources'
import type { EventBridgeFile } from './readEventBridgeFile'

/** What became other than it was: `rule employees`, `event source my.dingtalk of bus other`. */
export interface FileChanges {
  added: string[]
  changed: string[]
  removed: string[]
}

type Kind = 'event bus' | 'event source' | 'rule' | 'connection' | 'API destination'

/**
 * Makes what eventbridge.yaml says, and removes what it said once and does not any more. What was made by API stays as
 * it is; what an API client changed of the file's own resources lasts until now.
 * @param files its documents, a bus each
 */
export function applyFiles(resources: Resources, files: readonly EventBridgeFile[], now: number): FileChanges {
  const changes: FileChanges = { added: [], changed: [], removed: [] }
  const isOnly = files.length === 1
  const tell = (kind: Kind, { bus, name }: { bus: string; name: string }) =>
    isOnly || kind === 'event bus' || bus === NO_BUS ? `${kind} ${name}` : `${kind} ${name} of bus ${bus}`

  function put<T extends { bus: string; name: string }>(kind: Kind, table: Table<T>, older: T | undefined, made: T) {
    if (isDeepStrictEqual(older, made)) return
    table.put(made)
    changes[older === undefined ? 'added' : 'changed'].push(tell(kind, made))
  }

  const { connections, apiDestinations } = resources
  const ofAccount = { bus: NO_BUS, fromFile: true }
  for (const connection of files.flatMap((file) => file.connections)) {
    const older = connections.find(NO_BUS, connection.name)
    const { id = nextId(resources), createdAt = now } = older ?? {}
    put('connection', connections, older, { ...connection, ...ofAccount, id, createdAt })
  }
  for (const destination of files.flatMap((file) => file.apiDestinations)) {
    const older = apiDestinations.find(NO_BUS, destination.name)
    put('API destination', apiDestinations, older, { ...destination, ...ofAccount, createdAt: older?.createdAt ?? now })
  }
  removeWhatLeft(resources, files, (kind, definition) => changes.removed.push(tell(kind, definition)))
  for (const file of files) {
    const bus = resources.buses.find(file.bus, file.bus)
    const createdAt = bus?.createdAt ?? now
    put('event bus', resources.buses, bus, { ...bus, bus: file.bus, name: file.bus, createdAt, fromFile: true })

    for (const source of file.sources) {
      const older = resources.sources.find(file.bus, source.name)
      const createdAt = older?.createdAt ?? now
      put('event source', resources.sources, older, { ...source, bus: file.bus, createdAt, fromFile: true })
    }
    for (const rule of file.rules) {
      const older = resources.rules.find(file.bus, rule.name)
      const times = { createdAt: older?.createdAt ?? now, changedAt: older?.changedAt ?? now }
      const made = { ...rule, bus: file.bus, ...times, fromFile: true }
      const isSame = isDeepStrictEqual(older, made)
      put('rule', resources.rules, older, isSame ? made : { ...made, changedAt: now })
    }
  }
  return changes
}

type TellRemoved = (kind: Kind, definition: { bus: string; name: string }) => void

function removeWhatLeft(resources: Resources, files: readonly EventBridgeFile[], removed: TellRemoved): void {
  removeUnnamed('rule', resources.rules, (bus) => files.find((file) => file.bus === bus)?.rules, removed)
  removeUnnamed('event source', resources.sources, (bus) => files.find((file) => file.bus === bus)?.sources, removed)
  const { connections, apiDestinations } = resources
  removeUnnamed('API destination', apiDestinations, () => files.flatMap((file) => file.apiDestinations), removed)
  // one that a destination made by API uses goes once that does
  const isInUse = (name: string) => apiDestinations.all().some(({ connection }) => connection === name)
  const inUse = connections.all().filter(({ name }) => isInUse(name))
  removeUnnamed('connection', connections, () => [...files.flatMap((file) => file.connections), ...inUse], removed)
  for (const bus of resources.buses.all()) {
    if (!bus.fromFile || files.some((file) => file.bus === bus.name)) continue
    const isInUse = [resources.rules, resources.sources].some((table) => table.list(bus.name).length > 0)
    // a client of the API has put something on it, so it is the client's now
    if (isInUse || bus.name === DEFAULT_BUS) resources.buses.put({ ...bus, fromFile: false })
    else {
      resources.buses.remove(bus)
      removed('event bus', bus)
    }
  }
}

function removeUnnamed<T extends { bus: string; name: string; fromFile?: boolean }>(
  kind: Kind,
  table: Table<T>,
  inFile: (bus: string) => readonly { name: string }[] | undefined,
  removed: TellRemoved,
): void {
  for (const definition of table.all()) {
    const { bus, name, fromFile } = definition
    if (!fromFile || inFile(bus)?.some((other) => other.name === name)) continue
    table.remove(definition)
    removed(kind, definition)
  }
}
