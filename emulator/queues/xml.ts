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
  return [
    element('MessageId', id),
    ...(isPeek ? [] : [element('ReceiptHandle', receipt), element('NextVisibleTime', String(visibleAt))]),
    element('MessageBody', escaped(body)),
    element('MessageBodyMD5', md5),
    element('EnqueueTime', String(enqueuedAt)),
    element('FirstDequeueTime', String(firstDequeuedAt)),
    element('DequeueCount', String(dequeues)),
    element('Priority', '8'),
  ].join('')
}

export function hiddenXml({ receipt, visibleAt }: Message): string {
  const fields = element('ReceiptHandle', receipt) + element('NextVisibleTime', String(visibleAt))
  return HEAD + element('ChangeVisibility', fields, true)
}

export function errorXml(code: string, message: string, requestId: string): string {
  const fields = { Code: code, Message: escaped(message), RequestId: requestId, HostId: 'embedded' }
  return (
    HEAD +
    element(
      'Error',
      Object.entries(fields)
        .map(([name, text]) => element(name, text))
        .join(''),
      true,
    )
  )
}

export function unknownReceiptsXml(receipts: readonly string[]): string {
  const errors = receipts.map((receipt) => {
    const fields = { ErrorCode: 'MessageNotExist', ErrorMessage: 'Message not exist.', ReceiptHandle: escaped(receipt) }
    return element(
      'Error',
      Object.entries(fields)
        .map(([name, text]) => element(name, text))
        .join(''),
    )
  })
  return HEAD + element('Errors', errors.join(''), true)
}

/** Of a `<ReceiptHandles>`. */
export function receiptsIn(xml: string): string[] {
  return [...xml.matchAll(/<ReceiptHandle>\s*([^<\s]+)\s*<\/ReceiptHandle>/g)].map(([, receipt = '']) => receipt)
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
