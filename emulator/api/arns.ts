interface Place {
  region: string
  accountId: string
}

export function busArn({ region, accountId }: Place, bus: string): string {
  return `acs:eventbridge:${region}:${accountId}:eventbus/${bus}`
}

export function ruleArn(place: Place, bus: string, rule: string): string {
  return `${busArn(place, bus)}/rule/${rule}`
}

export function sourceArn(place: Place, bus: string, source: string): string {
  return `${busArn(place, bus)}/eventsource/${source}`
}
