import type { FunctionDefinition } from '../functionHost/functionDefinition'
import type { FunctionHost, InvokeResult, Usage } from '../functionHost/functionHost'

/** What comes back of the log of a request that asks for it. */
const LOG_TAIL_BYTES = 4096

export interface RecordedInvocation {
  result: InvokeResult
  /** what Function Compute tells of the request beside its result */
  headers: Record<string, string>
}

/**
 * Invokes a function, and makes the headers of InvokeFunction's answer: the request's id, its error's type, what it took,
 * and the end of what it wrote, as Base64, if that is asked for.
 * https://help.aliyun.com/zh/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 * @throws Error when the host is stopping
 */
export async function recordInvocation(
  host: Pick<FunctionHost, 'invoke'>,
  event: Buffer,
  requestId: string,
  { tail, overrides }: { tail: boolean; overrides?: Partial<FunctionDefinition> },
): Promise<RecordedInvocation> {
  const lines: string[] = []
  let usage: Usage | undefined
  const result = await host.invoke(event, requestId, {
    ...(overrides && { overrides }),
    ...(tail && { onLine: (line: string) => lines.push(line) }),
    onUsage: (given) => {
      usage = given
    },
  })
  const headers = {
    'x-fc-request-id': requestId,
    ...(result.errorType !== undefined && { 'x-fc-error-type': result.errorType }),
    ...usageHeaders(usage),
    ...(tail && { 'x-fc-log-result': logTail(requestId, lines).toString('base64') }),
  }
  return { result, headers }
}

/** Milliseconds, begun ones counted, and MB. */
function usageHeaders({ durationMs, memoryMb }: Partial<Usage> = {}): Record<string, string> {
  return {
    ...(durationMs !== undefined && { 'x-fc-invocation-duration': String(Math.ceil(durationMs)) }),
    ...(memoryMb !== undefined && { 'x-fc-max-memory-usage': memoryMb.toFixed(2) }),
  }
}

function logTail(requestId: string, lines: readonly string[]): Buffer {
  const [start, end] = ['Start', 'End'].map((moment) => `FC Invoke ${moment} RequestId: ${requestId}\n`)
  const text = Buffer.from(`${start}${lines.map((line) => `${line}\n`).join('')}${end}`)
  let from = Math.max(0, text.length - LOG_TAIL_BYTES)
  // a character of several bytes is not cut in two
  while (((text[from] ?? 0) & 0xc0) === 0x80) from++
  return text.subarray(from)
}
