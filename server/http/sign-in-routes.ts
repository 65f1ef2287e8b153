// The routes of better-auth that Presence uses. Every other one does not exist here, also those that a new
// version of the library brings: a password, a changed number or a second way in would be a door beside the
// code.
import { z } from 'zod'
import { Refusal } from '../lib/errors.ts'
import type { Access } from '../journey/request.ts'
import { plainDigits } from '../lib/plain-digits.ts'

export const signInPath = '/api/auth'

const number = z.string().max(40)
/** In the digits of any script, with the blanks and dashes that people type between them. */
export const code = z
  .string()
  .max(60)
  .transform((text) => plainDigits(text).replaceAll(/[\s\p{Pd}]/gu, ''))
type SignInRoute = {
  path: string
  method: 'GET' | 'POST'
  access: Access
  /** What may be sent; nothing else is passed on. Without it: no body. */
  body?: z.ZodType
}

export const signInRoutes: SignInRoute[] = [
  { path: '/get-session', method: 'GET', access: 'public' },
  { path: '/sign-out', method: 'POST', access: 'public' },
  {
    path: '/phone-number/send-otp',
    method: 'POST',
    access: 'public',
    body: z.strictObject({ phoneNumber: number }),
  },
  {
    path: '/phone-number/verify',
    method: 'POST',
    access: 'public',
    body: z.strictObject({ phoneNumber: number, code }),
  },
]

/**
 * The request for better-auth, without a query and with nothing in its body but what the route needs. Refuses
 * with invalid_input.
 */
export async function signInRequest(request: Request, shape: z.ZodType | undefined): Promise<Request> {
  const { origin, pathname } = new URL(request.url)
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  const url = origin + pathname
  if (request.method !== 'POST') return new Request(url, { headers })
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
