/** An event that can be published again, from wherever it was kept. */
export interface Replayable {
  source: string
  id: string
  /** the CloudEvent's JSON text, unchanged */
  json: string
  /** Called before it is published: from then on a new failure can be told from the old one. */
  begin(): Promise<void>
  /** Called once EventBridge has it, or has refused it. */
  end(accepted: boolean): Promise<void>
}

/** The first of each source and id: an event that was published several times is replayed once. */
export function onlyOnce(events: readonly Replayable[]): Replayable[] {
  const seen = new Set<string>()
  return events.filter(({ source, id }) => {
    const key = JSON.stringify([source, id])
    return seen.size < seen.add(key).size
  })
}
