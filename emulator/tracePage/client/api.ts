import type { Failure } from '../protocol'

/** @throws Error with the server's words */
export async function getJson<T>(path: string): Promise<T> {
  return answerOf<T>(await fetch(path))
}

/** @throws Error with the server's words */
export async function postJson<T>(path: string, body: object): Promise<T> {
  // the header tells the server that it is this page that asks: see readCommand.ts
  const headers = { 'content-type': 'application/json', 'x-trace-page': '1' }
  return answerOf<T>(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error((answer as Failure).message)
  return answer as T
}
