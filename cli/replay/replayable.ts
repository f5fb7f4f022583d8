import { contentOf, parseCloudEvents } from '../../functions/employees/parseCloudEvents'

/** What became of an event that was published again: its letter is gone, or it was set aside anew. */
export type Fate = 'done' | 'refused'

/** An event that can be published again, from wherever it was kept. */
export interface Replayable {
  source: string
  id: string
  /** the CloudEvent's JSON text, unchanged */
  json: string
  /** Called before it is published: from then on a new failure can be told from the old one. */
  begin(): Promise<void>
  /** Called when EventBridge refuses it. */
  giveUp(): Promise<void>
  /** Looks what became of it, and takes it from where it was kept once that is known; undefined while it is not. */
  fate(): Promise<Fate | undefined>
}

/** The first of each source, id and content: an event that was published several times is replayed once. */
export function onlyOnce(events: readonly Replayable[]): Replayable[] {
  const seen = new Set<string>()
  return events.filter(({ source, id, json }) => {
    const [event] = parseCloudEvents(Buffer.from(json)).events
    const key = JSON.stringify([source, id, event && contentOf(event)])
    return seen.size < seen.add(key).size
  })
}
