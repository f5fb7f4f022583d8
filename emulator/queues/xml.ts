import { createHash } from 'node:crypto'
import type { Message } from '../store/messages'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** @param message which is there */
export function messageXml(message: Message | undefined, isPeek: boolean): string {
  return message === undefined ? '' : HEAD + element('Message', fieldsOf(message, isPeek), true)
}

export function messagesXml(messages: readonly Message[], isPeek: boolean): string {
  return (
    HEAD + element('Messages', messages.map((message) => element('Message', fieldsOf(message, isPeek))).join(''), true)
  )
}

/** Who only looks gets nothing by which to delete. */
function fieldsOf(
  { id, body, enqueuedAt, visibleAt, firstDequeuedAt, dequeues, receipt }: Message,
  isPeek: boolean,
): string {
  const md5 = createHash('md5').update(body).digest('hex').toUpperCase()
  return elements({
    MessageId: id,
    ...(!isPeek && { ReceiptHandle: receipt, NextVisibleTime: String(visibleAt) }),
    MessageBody: escaped(body),
    MessageBodyMD5: md5,
    EnqueueTime: String(enqueuedAt),
    FirstDequeueTime: String(firstDequeuedAt),
    DequeueCount: String(dequeues),
    Priority: '8',
  })
}

export function hiddenXml({ receipt, visibleAt }: Message): string {
  const fields = { ReceiptHandle: receipt, NextVisibleTime: String(visibleAt) }
  return HEAD + element('ChangeVisibility', elements(fields), true)
}

export function errorXml(code: string, message: string, requestId: string): string {
  const fields = { Code: code, Message: escaped(message), RequestId: requestId, HostId: 'embedded' }
  return HEAD + element('Error', elements(fields), true)
}

export function unknownReceiptsXml(receipts: readonly string[]): string {
  const errors = receipts.map((receipt) => {
    const fields = { ErrorCode: 'MessageNotExist', ErrorMessage: 'Message not exist.', ReceiptHandle: escaped(receipt) }
    return element('Error', elements(fields))
  })
  return HEAD + element('Errors', errors.join(''), true)
}

/** Of a `<ReceiptHandles>`. */
export function receiptsIn(xml: string): string[] {
  return [...xml.matchAll(/<ReceiptHandle>\s*([^<\s]+)\s*<\/ReceiptHandle>/g)].map(([, receipt = '']) => receipt)
}

/** In this order. */
function elements(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, text]) => element(name, text))
    .join('')
}

function element(name: string, content: string, isRoot = false): string {
  return `<${name}${isRoot ? ' xmlns="http://mns.aliyuncs.com/doc/v1/"' : ''}>${content}</${name}>`
}

/** Control characters, which no XML can hold, become one that stands for what cannot be shown. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
