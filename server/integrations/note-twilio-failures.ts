// Twilio's refusals and failures, noted where the SDK's HTTP client gets them.
import { noteFailure, operationOf, requestIdIn } from './failure-log.ts'

type Asked = { method: string; uri: string }
type Answered = { statusCode: number; body: unknown; headers?: unknown }

/** Makes the request and notes a failure of it. The answer and the error stay as they are. */
export async function noteTwilioFailures<Answer extends Answered>(
  asked: Asked,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const noted = { provider: 'twilio', operation: operationOf(asked.method, asked.uri) }
  let answer: Answer
  try {
    answer = await request()
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    noteFailure({ ...noted, status: undefined, code: undefined, requestId: undefined, message })
    throw error
  }
  if (answer.statusCode < 400) return answer
  const { code, message } = readBody(answer.body)
  const headers = (answer.headers ?? {}) as Record<string, string | undefined>
  noteFailure({
    ...noted,
    status: answer.statusCode,
    code: code === undefined ? undefined : String(code),
    requestId: requestIdIn((name) => headers[name]),
    message: message ?? '',
  })
  return answer
}

function readBody(body: unknown): { code?: number | string; message?: string } {
  if (typeof body !== 'string') return (body as { code?: number } | null) ?? {}
  try {
    return JSON.parse(body) as { code?: number }
  } catch {
    return {}
  }
}
