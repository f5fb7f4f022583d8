import fs from 'node:fs'
import path from 'node:path'
import { parseCloudEvents, type ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMappings } from '../../shared/mapping/readMappings'
import { PROJECT } from './documents'
import { setUpWebhook } from './webhook'

const folder = path.join(PROJECT, 'examples')

/** The mapping documents of examples/ that are appended to mapping.yaml, by their names. */
export const APPENDED = ['approvals', 'attendance', 'hr', 'meetings', 'roles'] as const

export function readExample(file: string): string {
  return fs.readFileSync(path.join(folder, file), 'utf8')
}

/** The files of examples/ that end so. */
export function examplesThatEnd(end: string): string[] {
  const files = fs.readdirSync(folder).filter((file) => file.endsWith(end))
  return files.sort()
}

/** mapping.yaml with these documents appended, as `cat` does it. */
export function appended(names: readonly string[] = APPENDED): string {
  const shipped = fs.readFileSync(path.join(PROJECT, 'mapping.yaml'), 'utf8')
  return [shipped, ...names.map((name) => readExample(`${name}.mapping.yaml`))].join('')
}

/** The tables of the documents, without the shipped ones. */
export function exampleMappings(text = appended()): readonly Mapping[] {
  return readMappings(text, 'mapping.yaml').slice(readMappings(appended([]), 'mapping.yaml').length)
}

/** When events of examples and vectors arrive, by their webhook. */
export const ARRIVAL = Date.parse('2026-10-01T00:00:00Z')

/** What the webhook publishes of what DingTalk posts. A SyncHTTP row that stands alone comes in a push. */
export async function published(
  posted: object,
  variables: Record<string, string> = {},
  arrival = ARRIVAL,
): Promise<ReceivedEvent[]> {
  const { post, published: texts } = setUpWebhook(variables, undefined, () => arrival)
  const push = { EventType: 'SYNC_HTTP_PUSH_HIGH', bizData: [posted] }
  await post({ body: JSON.stringify('biz_data' in posted ? push : posted) })
  return parseCloudEvents(Buffer.from(`[${texts.join(',')}]`)).events
}
