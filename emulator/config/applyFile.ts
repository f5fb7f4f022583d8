import { isDeepStrictEqual } from 'node:util'
import type { RuleDefinition, SourceDefinition } from '../resources/definitions'
import { DEFAULT_BUS, type Resources, type Table } from '../resources/resources'
import type { EventBridgeFile } from './readEventBridgeFile'

/**
 * Makes what eventbridge.yaml says, and removes what it said once and does not any more. What was made by API stays as
 * it is; what an API client changed of the file's own resources lasts until now.
 */
export function applyFile(resources: Resources, file: EventBridgeFile, now: number): void {
  removeWhatLeft(resources, file)

  const bus = resources.buses.find(file.bus, file.bus)
  resources.buses.put({ ...bus, bus: file.bus, name: file.bus, createdAt: bus?.createdAt ?? now, fromFile: true })

  for (const source of file.sources) {
    const createdAt = resources.sources.find(file.bus, source.name)?.createdAt ?? now
    resources.sources.put({ ...source, bus: file.bus, createdAt, fromFile: true })
  }
  for (const rule of file.rules) {
    const older = resources.rules.find(file.bus, rule.name)
    const times = { createdAt: older?.createdAt ?? now, changedAt: older?.changedAt ?? now }
    const made = { ...rule, bus: file.bus, ...times, fromFile: true }
    if (!isDeepStrictEqual(older, made)) resources.rules.put({ ...made, changedAt: now })
  }
}

function removeWhatLeft(resources: Resources, file: EventBridgeFile): void {
  removeUnnamed(resources.rules, file.bus, file.rules)
  removeUnnamed(resources.sources, file.bus, file.sources)
  for (const bus of resources.buses.all().filter(({ name, fromFile }) => fromFile && name !== file.bus)) {
    const isInUse = [resources.rules, resources.sources].some((table) => table.list(bus.name).length > 0)
    // a client of the API has put something on it, so it is the client's now
    if (isInUse || bus.name === DEFAULT_BUS) resources.buses.put({ ...bus, fromFile: false })
    else resources.buses.remove(bus)
  }
}

function removeUnnamed<T extends RuleDefinition | SourceDefinition>(
  table: Table<T>,
  fileBus: string,
  inFile: readonly { name: string }[],
): void {
  const named = new Set(inFile.map(({ name }) => name))
  const left = table.all().filter(({ bus, name, fromFile }) => fromFile && !(bus === fileBus && named.has(name)))
  for (const definition of left) table.remove(definition)
}
