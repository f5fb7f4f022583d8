const MARK = /^(replayed \S+Z: )+/

/** The reason of a letter that is on its way again: who buries its event anew writes another, so the two can be told apart. */
export function replayMark(reason: string, now: number): string {
  return `replayed ${new Date(now).toISOString()}: ${withoutMark(reason)}`.slice(0, 255)
}

/** The reason as it was; a replay that was broken off has left its mark there. */
export function withoutMark(reason: string): string {
  return reason.replace(MARK, '')
}
