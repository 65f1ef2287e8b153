// The routes of better-auth that Presence uses. Every other one does not exist here, also those that a new
// version of the library brings: a password, a changed number or a second way in would be a door beside the
// code.
import { z } from 'zod'
import { Refusal } from '../lib/errors.ts'
import { plainDigits } from '../lib/plain-digits.ts'

export const signInPath = '/api/auth'

const number = z.string().max(40)
/** In the digits of any script, with the blanks and dashes that people type between them. */
const code = z
  .string()
  .max(60)
  .transform((text) => plainDigits(text).replaceAll(/[\s\p{Pd}]/gu, ''))
/** What may be sent; nothing else is passed on. Undefined: no body. */
const routes: Record<string, z.ZodType | undefined> = {
  'GET /get-session': undefined,
  'POST /sign-out': undefined,
  'POST /phone-number/send-otp': z.strictObject({ phoneNumber: number }),
  'POST /phone-number/verify': z.strictObject({ phoneNumber: number, code }),
}

/** Method and path of each, for tests. */
export const signInRoutes = Object.keys(routes)

/**
 * The request for better-auth, without a query and with nothing in its body but what the route needs;
 * undefined where Presence has no such route. Refuses with invalid_input.
 */
export async function signInRequest(request: Request): Promise<Request | undefined> {
  const { origin, pathname } = new URL(request.url)
  const name = `${request.method} ${pathname.slice(signInPath.length)}`
  if (!Object.hasOwn(routes, name)) return undefined
  const shape = routes[name]
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  const url = origin + pathname
  if (request.method === 'GET') return new Request(url, { headers })
  headers.set('content-type', 'application/json')
  const body = shape ? parse(shape, await request.text()) : {}
  return new Request(url, { method: request.method, headers, body: JSON.stringify(body) })
}

function parse(shape: z.ZodType, text: string): unknown {
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    throw new Refusal('invalid_input', 'Something in this request is missing or not in the right form.')
  }
}
