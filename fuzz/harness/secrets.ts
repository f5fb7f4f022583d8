import { PERSONAL } from '../draw/hostile'

/** Whatever a function is configured with that nobody may see, each recognizable. */
export const SECRETS = {
  token: 'sEcReT-tOkEn-of-the-webhook',
  apiSecret: 'sEcReT-aPi-of-the-connector',
  callbackToken: 'sEcReTcAlLbAcKtOkEn',
  aesKey: 'sEcReTaEsKeYabcdefghijklmnopqrstuvwxyzABCDE',
  hashKey: 'sEcReT-hAsH-kEy-of-the-log-lines-0123456789',
  accessKey: 'sEcReT-aCcEsS-kEy',
  securityToken: 'sEcReT-sTs-tOkEn',
  database: 'sEcReT-dAtAbAsE',
} as const

/** @throws Error where a text has a secret in it */
export function refuseSecrets(what: string, text: string): void {
  const found = Object.entries(SECRETS).find(([, secret]) => text.includes(secret))
  if (found !== undefined) throw new Error(`${what} tells the secret ${found[0]}`)
}

/**
 * Holds what a function has written: a line is one line, JSON, flat, and tells nothing of what nobody may know.
 * @param told the fields that say what was sent, as ids do
 * @throws Error
 */
export function readLogLines(written: string, told: readonly string[] = []): Record<string, unknown>[] {
  refuseSecrets('the log', written)
  return written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields = parsed(line)
      if (fields === undefined) throw new Error(`a line of the log is no JSON: ${line.slice(0, 300)}`)
      const others = Object.entries(fields).filter(([name]) => !told.includes(name))
      if (JSON.stringify(others).includes(PERSONAL)) throw new Error('the log tells what is personal')
      if ('forged' in fields) throw new Error('a line of the log is the sender’s')
      // the log service cuts a longer one
      if (line.length > 8_000) throw new Error(`a line of the log has ${line.length} characters`)
      return fields
    })
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const fields = JSON.parse(line)
    return typeof fields === 'object' && fields !== null ? fields : undefined
  } catch {
    return undefined
  }
}
