import * as z from 'zod/mini'
import { type BusDefinition, isResourceName, RESOURCE_NAME } from '../resources/definitions'
import { DEFAULT_BUS, type Resources } from '../resources/resources'
import type { ApiContext } from './context'
import { refuseOneTooMany } from './limits'
import { pageOf, paging } from './paging'
import { name, readRequest, tags } from './readRequest'
import { ApiError } from './refusal'

const createRequest = z.strictObject({ EventBusName: name, Description: z.optional(z.string()), Tags: tags })
const updateRequest = z.omit(createRequest, { Tags: true })
const nameRequest = z.strictObject({ EventBusName: name })
const listRequest = z.strictObject({ NamePrefix: name, ...paging })

export function createEventBus(request: unknown, context: ApiContext) {
  const { EventBusName: bus, Description, Tags } = readRequest(createRequest, request)
  const { resources, limits, clock } = context
  if (!isResourceName(bus) || bus === DEFAULT_BUS) {
    const rule = `It must be ${RESOURCE_NAME}, not default and not begin with eventbridge-reserved-.`
    throw new ApiError(409, 'EventBusNameInvalid', `The event bus name [${bus}] is invalid! ${rule}`)
  }
  if (resources.buses.find(bus, bus) !== undefined) {
    throw new ApiError(409, 'EventBusAlreadyExist', `The event bus [${bus}] already existed!`)
  }
  const count = resources.buses.all().filter((other) => other.name !== DEFAULT_BUS).length
  refuseOneTooMany('Bus', count, limits.customBuses)
  resources.buses.put({
    bus,
    name: bus,
    ...(Description !== undefined && { description: Description }),
    ...(Tags !== undefined && { tags: Tags }),
    createdAt: clock.now(),
  })
  return { EventBusARN: busArn(context, bus) }
}

export function getEventBus(request: unknown, context: ApiContext) {
  const { EventBusName } = readRequest(nameRequest, request)
  return describe(existingBus(context.resources, EventBusName), context)
}

export function listEventBuses(request: unknown, context: ApiContext) {
  const { NamePrefix, ...asked } = readRequest(listRequest, request)
  const buses = context.resources.buses.all().filter((bus) => bus.name.startsWith(NamePrefix))
  const { page, answer } = pageOf(buses, asked, context.limits.pageSize)
  return { EventBuses: page.map((bus) => describe(bus, context)), ...answer }
}

/** Changes what is given and leaves the rest. */
export function updateEventBus(request: unknown, { resources }: ApiContext) {
  const { EventBusName, Description } = readRequest(updateRequest, request)
  const older = existingBus(resources, EventBusName)
  resources.buses.put({ ...older, ...(Description !== undefined && { description: Description }) })
  return {}
}

export function deleteEventBus(request: unknown, { resources }: ApiContext) {
  const { EventBusName: bus } = readRequest(nameRequest, request)
  const definition = existingBus(resources, bus)
  if (bus === DEFAULT_BUS) {
    throw new ApiError(409, 'EventBusNameInvalid', 'The event bus name [default] is invalid! It cannot be deleted.')
  }
  if (resources.rules.list(bus).length > 0) {
    const message = `The rules of eventbus [${bus}] exist, please delete them before delete event bus.`
    throw new ApiError(409, 'EventBusRuleNotEmptyForDelete', message)
  }
  if (resources.sources.list(bus).length > 0) {
    const message = `The source of eventbus [${bus}] exist, please delete them before delete event bus.`
    throw new ApiError(409, 'EventBusSourceNotEmptyForDelete', message)
  }
  resources.buses.remove(definition)
  return {}
}

function describe(bus: BusDefinition, context: ApiContext) {
  return {
    EventBusARN: busArn(context, bus.name),
    EventBusName: bus.name,
    Description: bus.description ?? '',
    CreateTimestamp: bus.createdAt,
    Tags: bus.tags ?? {},
  }
}

/** @throws ApiError */
export function existingBus({ buses }: Resources, bus: string): BusDefinition {
  const definition = buses.find(bus, bus)
  if (definition !== undefined) return definition
  throw new ApiError(409, 'EventBusNotExist', `The event bus [${bus}] not existed!`)
}

export function busArn({ region, accountId }: ApiContext, bus: string): string {
  return `acs:eventbridge:${region}:${accountId}:eventbus/${bus}`
}
