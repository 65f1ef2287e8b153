// Every refusal and failure of a service is logged once, where its answer arrives: who, which call, what was
// said, and the service's own id of the request. The log has no text of the service, which may hold numbers.

export type Failure = {
  provider: string
  /** Method and path with `:id` for ids: `POST /v1/accounts/:id`. */
  operation: string
  /** Undefined where no answer came. */
  status: number | undefined
  code: string | undefined
  requestId: string | undefined
  /** The service's sentence, for telling causes apart; never logged. */
  message: string
  /** The key is this host's own: what it is refused is theirs to mend. */
  hostId?: string
  /** The caller expects this refusal and has another way. */
  isExpected?: boolean
}

let listener: ((failure: Failure) => void) | undefined

/** Called once by the context: what else to do with each failure. */
export function hearFailures(hear: (failure: Failure) => void): void {
  listener = hear
}

export function noteFailure(failure: Failure): void {
  const { provider, operation, status, code, requestId } = failure
  const said = [status, code].filter((one) => one !== undefined).join(' ')
  const what = status === undefined ? 'did not answer' : 'refused'
  console.warn(
    `${provider} ${what} ${operation}${said ? `: ${said}` : ''}${requestId ? ` (${requestId})` : ''}`,
  )
  listener?.(failure)
}

/** `POST /v1/accounts/:id`. The uid of a Cal.com booking is a capability, so no id is logged. */
export function operationOf(method: string, address: string): string {
  const path = new URL(address, 'https://service.invalid').pathname
  return `${method.toUpperCase()} ${path
    .split('/')
    .map((part) => (isId(part) ? ':id' : part))
    .join('/')}`
}

function isId(part: string): boolean {
  if (/^[a-z]+(?:[_-][a-z]+)*$/.test(part) || /^\d{4}-\d{2}-\d{2}$/.test(part)) return false
  return /^(?=.*\d).{6,}$/.test(part) || part.length >= 18 || /^(?:app|tbl|rec|ach)\w{14}$/.test(part)
}

const requestIdHeaders = ['request-id', 'twilio-request-id', 'x-request-id', 'airtable-request-id']

export function requestIdIn(header: (name: string) => string | null | undefined): string | undefined {
  for (const name of requestIdHeaders) {
    const value = header(name)
    if (value) return value
  }
  return undefined
}
