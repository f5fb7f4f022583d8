import fs from 'node:fs'
import path from 'node:path'

function read<T>(file: string): T {
  return JSON.parse(fs.readFileSync(path.join(__dirname, file), 'utf8')) as T
}

const examples = fs
  .readdirSync(path.join(__dirname, '../../examples'))
  .filter((file) => file.endsWith('.event.json'))
  .map((file) => read<Record<string, unknown>>(path.join('../../examples', file)))

/**
 * What DingTalk posts: of each kind of event in each form as local/sender makes it, then as its documents and captures show it,
 * then what the examples are tried with.
 */
export const bodies = [...read<Record<string, unknown>[]>('bodies.json'), ...examples]

/** Calls of the management API, as its clients made them. */
export const popCalls = read<{ action: string; parameters: Record<string, string> }[]>('popCalls.json')

/** Calls of the older API, by the operation. */
export const openApiCalls = read<{ operation: string; body: unknown }[]>('openApiCalls.json')
