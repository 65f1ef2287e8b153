// What somebody does only with a code to their phone: deleting the account, changing the number. They are
// here because the limits of codes are.
import { z } from '@hono/zod-openapi'
import { checkCode, sendCode } from '../integrations/twilio.ts'
import type { Context } from '../journey/context.ts'
import { saved, savedView } from '../journey/members/saved-view.ts'
import { confirmHostNumber } from '../journey/privacy/confirm-host-number.ts'
import { confirmNumberChange } from '../journey/privacy/confirm-number-change.ts'
import { startDeletion } from '../journey/privacy/start-deletion.ts'
import { startNumberChange } from '../journey/privacy/start-number-change.ts'
import { answers, jsonBody, requireParticipant, requireSignedIn, route, router } from '../journey/request.ts'
import { ProviderError, Refusal } from '../lib/errors.ts'
import { giveCodeBack, limitCodes } from './limits.ts'
import { code } from './sign-in-routes.ts'

export const codeRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/me/code',
      access: 'signed-in',
      summary: 'Send a code to my number, to confirm what I am about to do',
      responses: answers(savedView, 'Sent'),
    }),
    async (c) => {
      const { mobileNumber } = requireSignedIn(c)
      await send(c.get('ctx'), mobileNumber, c.get('address'))
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/deletion',
      access: 'participant',
      summary: 'Delete my account in fourteen days; signs me out everywhere',
      request: { body: jsonBody(z.strictObject({ code })) },
      responses: answers(z.object({ dueAt: z.iso.datetime() }), 'When it is carried out'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = requireParticipant(c)
      if (!(await isRight(ctx, who.mobileNumber, c.req.valid('json').code)))
        throw new Refusal('wrong_code', 'This code is wrong, used or too old. Please check it.')
      const dueAt = await startDeletion(ctx, who)
      return c.json({ dueAt: dueAt.toISOString() }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/number',
      access: 'participant',
      summary: 'Change my number: sends a code to the old one and to the new one',
      request: { body: jsonBody(z.strictObject({ mobileNumber: z.string().max(40) })) },
      responses: answers(savedView, 'Both are sent'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = requireParticipant(c)
      const { mobileNumber } = c.req.valid('json')
      await startNumberChange(ctx.db, who, mobileNumber)
      await send(ctx, mobileNumber, c.get('address'))
      await send(ctx, who.mobileNumber, c.get('address'))
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/number/confirm',
      access: 'participant',
      summary: 'Change my number, with both codes; signs me out everywhere else',
      request: { body: jsonBody(z.strictObject({ oldCode: code.optional(), newCode: code })) },
      responses: answers(savedView, 'Changed'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = requireParticipant(c)
      await confirmNumberChange(ctx, who, c.req.valid('json'), (number, text) => isRight(ctx, number, text))
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/me/host-number',
      access: 'signed-in',
      summary: 'Take over my account as a host with the number that our operators were given',
      request: { body: jsonBody(z.strictObject({ code })) },
      responses: answers(savedView, 'It is mine'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = requireSignedIn(c)
      if (!(await isRight(ctx, who.mobileNumber, c.req.valid('json').code)))
        throw new Refusal('wrong_code', 'This code is wrong, used or too old. Please check it.')
      await confirmHostNumber(ctx, who)
      return c.json(saved, 200)
    },
  )

async function send(ctx: Context, number: string, address: string): Promise<void> {
  await limitCodes(ctx, { number, address })
  await inWords(() => sendCode(ctx.twilio, number))
}

/** A code that was used counts no longer against its country and everybody. */
async function isRight(ctx: Context, number: string, text: string): Promise<boolean> {
  if (!/^\d{6}$/.test(text) || !(await inWords(() => checkCode(ctx.twilio, number, text)))) return false
  await giveCodeBack(ctx, number)
  return true
}

/** Twilio's codes for too many codes sent to, or tried for, one number. */
const tooMany = ['60203', '60202']

async function inWords<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.code && tooMany.includes(error.code))
      throw new Refusal(
        'too_many_requests',
        'Too many codes were asked for or tried. Please wait ten minutes.',
        {
          retryAfterSeconds: 600,
        },
      )
    if (error.status !== undefined && error.status < 500 && error.status !== 429)
      throw new Refusal('invalid_input', 'We could not send a code to this number. Please check it.')
    throw new Refusal(
      'codes_unavailable',
      'Codes cannot be sent or checked just now. Please try again in a moment.',
    )
  }
}
