import { EVENTS, type EventKind, FORMS, type Form, isAboutEmployees } from '../../local/sender/events'
import { messagesFor } from '../../local/sender/messages'
import { type Person, randomUserId } from '../../local/sender/person'
import { oneArgument } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'

/** As parseArgs gives them. */
export interface SendArguments {
  form?: string
  encrypted?: boolean
  'user-id'?: string
  name?: string
  count?: string
}

export interface Sending {
  kind: EventKind
  form: Form
  /** whom each push is about; nobody for an event that is not about employees */
  pushes: readonly (readonly Person[])[]
}

const MAX_COUNT = 100_000

/**
 * What the arguments of `npm run send` ask for.
 * @throws UserError
 */
export function planSending(words: readonly string[], args: SendArguments): Sending {
  const event = oneArgument(words, 'event', 'npm run send -- user_add_org … (--list shows them all)')
  const kind = EVENTS.find(({ name }) => name === event)
  if (kind === undefined)
    throw new UserError(`DingTalk has no event ${event} that this could send: --list shows them all`)
  const form = readForm(kind, args)
  const pushes = readPushes(kind, args)
  if (args.name !== undefined && !carriesName(kind, form)) refuseName(kind, form)
  return { kind, form, pushes }
}

/** A native callback has ids alone, but for what was modified; and who left has no fields. */
function carriesName(kind: EventKind, form: Form): boolean {
  const person = { userId: '1', name: 'n-a-m-e' }
  return JSON.stringify(messagesFor(kind, form, { people: [person], corpId: '', now: 0 })).includes(person.name)
}

function refuseName(kind: EventKind, form: Form): never {
  const others = kind.forms.filter((other) => carriesName(kind, other))
  const instead = others.length > 0 ? `, or --form ${others.join(' or ')}` : ''
  throw new UserError(`${kind.name} as ${form} carries ids alone, and no name: leave out --name${instead}`)
}

function readForm(kind: EventKind, { form: name, encrypted }: SendArguments): Form {
  if (encrypted && name !== undefined && name !== 'native') {
    throw new UserError(`--encrypted means --form native: leave it out, or --form ${name}`)
  }
  const wanted = encrypted ? 'native' : (name ?? kind.forms[0])
  const form = FORMS.find((known) => known === wanted)
  if (form === undefined) throw new UserError(`--form must be one of ${FORMS.join(', ')}`)
  if (kind.forms.includes(form)) return form
  throw new UserError(`${kind.name} has no form ${form}: DingTalk sends it as ${kind.forms.join(', ')}`)
}

function readPushes(kind: EventKind, { name, 'user-id': userIds, count }: SendArguments): Person[][] {
  if (userIds !== undefined && count !== undefined) {
    throw new UserError('--count makes new user ids: leave it out, or --user-id')
  }
  const times = readCount(count)
  if (!isAboutEmployees(kind)) {
    if (userIds !== undefined || name !== undefined) {
      throw new UserError(`${kind.name} is not about employees: leave out --user-id and --name`)
    }
    return Array.from({ length: times }, () => [])
  }
  const base = name ?? '小明'
  if (userIds !== undefined) return [readUserIds(userIds).map((userId) => ({ userId, name: base }))]
  return Array.from({ length: times }, (_, index) => [
    { userId: randomUserId(), name: times === 1 ? base : `${base}${index + 1}` },
  ])
}

function readUserIds(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim())
  if (ids.every((id) => id !== '')) return [...new Set(ids)]
  throw new UserError('--user-id takes one id, or several with commas between them: --user-id 0042,0043')
}

function readCount(text: string | undefined): number {
  const count = text === undefined ? 1 : Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count
  throw new UserError(`--count must be a number from 1 to ${MAX_COUNT}`)
}
