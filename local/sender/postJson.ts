export interface Answer {
  status: number
  text: string
}

/**
 * Posts JSON text as DingTalk does, which follows no redirect.
 * @param signal ends the wait for an answer
 */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'manual',
    signal,
  })
  return { status: response.status, text: await response.text() }
}
