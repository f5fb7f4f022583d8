export interface Answer {
  status: number
  text: string
}

/**
 * Posts a body as DingTalk's connector does.
 * @param token sent as a bearer token
 */
export async function postJson(url: URL, body: unknown, token: string | undefined): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}
