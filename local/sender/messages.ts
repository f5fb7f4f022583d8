import type { EventKind, Form } from './events'
import { nativeEvent, type Occasion, oldNativeEvent, streamEvent } from './nativeEvent'
import { connectorBody } from './person'
import { syncPush } from './syncPush'

export type Message = Readonly<Record<string, unknown>>

/**
 * The messages by which DingTalk tells of an event, in a form that it has, before encryption: by a connector one a
 * person, else one for all.
 */
export function messagesFor(kind: EventKind, form: Form, occasion: Occasion): Message[] {
  switch (form) {
    case 'connector':
      return occasion.people.map((person) => connectorBody(kind.name, person))
    case 'native':
      return [nativeEvent(kind, occasion)]
    case 'native-old':
      return [oldNativeEvent(kind, occasion)]
    case 'stream':
      return [streamEvent(kind, occasion)]
    case 'synchttp':
      return [syncPush(kind, occasion)]
  }
}

/** What DingTalk wants to read in the encrypted reply. */
export function expectedReply(message: Message): string {
  return typeof message['Random'] === 'string' ? message['Random'] : 'success'
}
