import type { ComponentChildren } from 'preact'

/**
 * The part of Markdown that a robot's message may have: headings, quotes, lists, bold, italics and links. An image is a link
 * here, as this page loads nothing from anywhere. https://open.dingtalk.com/document/robots/custom-robot-access
 */
export function Markdown({ text }: { text: string }) {
  return (
    <>
      {text.split(/\r?\n/).map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </>
  )
}

function Line({ line }: { line: string }) {
  const [, marks = '', rest = line] = /^\s*(#{1,6}(?= )|>|[-*+](?= )|\d+\.(?= ))\s*(.*)$/.exec(line) ?? []
  const inner = <Inline text={rest} />
  if (marks.startsWith('#')) return <p class={`heading level-${marks.length}`}>{inner}</p>
  if (marks === '>') return <blockquote>{inner}</blockquote>
  if (marks !== '') return <p class="item">{[/\d/.test(marks) ? `${marks} ` : '• ', inner]}</p>
  return <p>{inner}</p>
}

const INLINE = /!?\[([^\]]*)\]\(([^)\s]*)\)|\*\*(.+?)\*\*|\*(.+?)\*/

function Inline({ text }: { text: string }): ComponentChildren {
  const found = INLINE.exec(text)
  if (found === null) return <WithLinks text={text} />
  const [whole, label, address = '', bold, italic] = found
  return (
    <>
      <WithLinks text={text.slice(0, found.index)} />
      {label !== undefined && <Link address={address} label={label || address} />}
      {bold !== undefined && <b>{bold}</b>}
      {italic !== undefined && <i>{italic}</i>}
      <Inline text={text.slice(found.index + whole.length)} />
    </>
  )
}

/** A text whose addresses can be followed, as DingTalk shows one, whatever the type of the message. */
export function WithLinks({ text }: { text: string }): ComponentChildren {
  return text
    .split(/(https?:\/\/[^\s<>"'，。；）]+)/)
    .map((part, index) => (index % 2 === 1 ? <Link key={part} address={part} label={part} /> : part))
}

/** DingTalk's own addresses (dingtalk://) lead nowhere here. */
function Link({ address, label }: { address: string; label: string }) {
  if (!/^https?:\/\//i.test(address)) return <span class="link">{label}</span>
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {label}
    </a>
  )
}
