import type { LogFields, Logger } from '../../shared/logging'

export interface KeptLog extends Logger {
  lines: LogFields[]
  /** all lines as text, to look for what must not be there */
  text(): string
}

/** A logger that keeps its lines. */
export function keptLog(): KeptLog {
  const lines: LogFields[] = []
  return {
    lines,
    info: (fields) => lines.push({ level: 'info', ...fields }),
    error: (fields) => lines.push({ level: 'error', ...fields }),
    text: () => JSON.stringify(lines),
  }
}
