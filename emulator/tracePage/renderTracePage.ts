import type { TracedDelivery, TracedEvent } from '../store/traces'

/**
 * The event trace page: the last events and what became of them, newest first. It shows what routes an event, never its
 * data, which is about people.
 */
export function renderTracePage(events: readonly TracedEvent[], webhookUrl: string): string {
  const rows = events.map(
    (event) => `<tr>
<td><time datetime="${new Date(event.receivedAt).toISOString()}">${timeOfDay(event.receivedAt)}</time></td>
<td><code>${escapeHtml(event.id)}</code></td>
<td>${escapeHtml(event.source)}<br><small>${escapeHtml(event.type)}</small></td>
<td>${event.deliveries.length === 0 ? 'no rule matched' : event.deliveries.map(renderDelivery).join('')}</td>
</tr>`,
  )
  const empty = `<p>No events yet. Send one:</p>
<pre>npm run send -- user_add_org --name 小明</pre>
<p>or post one to <code>${escapeHtml(webhookUrl)}</code>.</p>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Event trace</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
code { overflow-wrap: anywhere; }
.delivered { color: light-dark(#126b2f, #6fdc8c); }
.pending { color: light-dark(#8a5a00, #f1c21b); }
.dead { color: light-dark(#b3261e, #ff8389); }
</style>
</head>
<body>
<h1>Event trace</h1>
${events.length === 0 ? empty : `<table><thead><tr><th>received</th><th>event id</th><th>source, type</th><th>what became of it</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`}
</body>
</html>
`
}

function renderDelivery({ rule, target, state, attempts, nextAttemptAt, error }: TracedDelivery): string {
  const what = {
    delivered: `delivered to ${target}`,
    pending:
      attempts === 0
        ? `being delivered to ${target}`
        : `will be delivered to ${target} again at ${timeOfDay(nextAttemptAt)}`,
    blocked: `blocks ${target}`,
    'dead-lettered': `dead-lettered after ${target} failed`,
    dropped: `given up on ${target}`,
  }[state]
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  const reason = error === null ? '' : `<br><small>${escapeHtml(error)}</small>`
  return `<div class="${state}">${escapeHtml(what)} <small>(rule ${escapeHtml(rule)}, ${tries})</small>${reason}</div>`
}

function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
