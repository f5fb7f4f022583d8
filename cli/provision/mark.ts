/**
 * What provision makes carries a mark at the end of its description, so that nothing else is ever deleted. Tags would be
 * finer, but event sources have none, and a rule's mark also has to name the targets that provision made.
 */
export interface Mark {
  /** the description without the mark */
  text: string
  isMade: boolean
  /** Ids of the rule's targets that provision made */
  targets: string[]
}

export function readMark(description: string): Mark {
  const [, text, targets] = /^(.*?) ?\[dingtalk-eventbridge(?:: ([^\]]*))?\]$/s.exec(description) ?? []
  if (text === undefined) return { text: description, isMade: false, targets: [] }
  return { text, isMade: true, targets: targets?.split(', ') ?? [] }
}

export function withMark(text: string, targets: readonly string[] = []): string {
  const mark = targets.length > 0 ? `[dingtalk-eventbridge: ${targets.join(', ')}]` : '[dingtalk-eventbridge]'
  return text === '' ? mark : `${text} ${mark}`
}
