const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/g

/** Indented JSON text in colours; a masked value is told from others. */
export function JsonText({ text }: { text: string }) {
  const parts: (string | { kind: string; token: string })[] = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted = '', colon] = match
    parts.push(text.slice(end, match.index))
    if (colon !== undefined) parts.push({ kind: 'key', token: quoted }, colon)
    else parts.push({ kind: kindOf(quoted), token })
    end = match.index + token.length
  }
  parts.push(text.slice(end))
  return (
    // it scrolls, so the keyboard must get to it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <pre class="json" tabIndex={0}>
      {parts.map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <span key={index} class={part.kind}>
            {part.token}
          </span>
        ),
      )}
    </pre>
  )
}

function kindOf(quoted: string): string {
  if (quoted === '') return 'plain'
  return /\*"$/.test(quoted) ? 'masked' : 'string'
}
