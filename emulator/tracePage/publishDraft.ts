import { randomUUID } from 'node:crypto'
import { parseJson } from '../../shared/json'
import { jsonFault } from '../../shared/jsonFault'
import type { ApiContext } from '../api/context'
import { putEvents } from '../api/putEvents'
import { ApiError } from '../api/refusal'
import type { Store } from '../store/store'
import type { Draft, Published } from './tryProtocol'

/** Publishes an event that somebody filled into a form, by PutEvents, whose checks and words it gets. */
export async function publishDraft(draft: Draft, context: ApiContext, traces: Store['traces']): Promise<Published> {
  const { bus, source, type, subject, data } = draft
  const id = randomUUID()
  const hasData = data.trim() !== ''
  if (hasData && parseJson(data) === undefined) return { id, refused: { fault: jsonFault(data) } }
  const attributes = JSON.stringify({
    ...{ id, source, type, specversion: '1.0' },
    ...(subject && { subject }),
    time: new Date(context.clock.now()).toISOString(),
    datacontenttype: 'application/json;charset=utf-8',
    aliyuneventbusname: bus,
  })
  // as it was typed: with all digits, and too deep a nesting for PutEvents to refuse
  const event = hasData ? `${attributes.slice(0, -1)},"data":${data}}` : attributes
  try {
    const headers = { 'content-type': 'application/cloudevents+json' }
    const { EntryList } = await putEvents(headers, Buffer.from(event), context)
    const { ErrorCode: code, ErrorMessage: message } = EntryList[0] ?? {}
    if (code) return { id, refused: { code, message: message ?? '' } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { id, refused: { code: error.code, message: error.message } }
  }
  const [trace] = traces.findById({ bus, source, id })
  return { id, ...(trace && { seq: trace.seq }) }
}
