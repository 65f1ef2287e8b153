// Sign-in by phone code: better-auth stores people and sign-ins, Twilio Verify makes and checks the codes.
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth'
import { sql } from 'kysely'
import { phoneNumber } from 'better-auth/plugins/phone-number'
import { isAboutUs, notJustNow } from '../integrations/our-fault.ts'
import { checkCode, sendCode } from '../integrations/twilio.ts'
import { recordSecurity } from '../db/security-events.ts'
import { ProviderError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { isMobileNumber } from '../lib/phone-number.ts'
import type { Context } from '../journey/context.ts'

/** The header in which app.ts passes on the requester's IP address. */
export const addressHeader = 'x-presence-address'

export function openSignIn(ctx: Context, origins: string[]) {
  const isSecure = ctx.config.publicUrl.startsWith('https:')
  return betterAuth({
    appName: 'Presence',
    baseURL: ctx.config.publicUrl,
    basePath: '/api/auth',
    secret: ctx.config.authSecret,
    trustedOrigins: origins,
    database: { db: ctx.db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => console.warn(`sign-in: ${message}`) },
    user: { modelName: 'people' },
    session: {
      modelName: 'signIns',
      fields: { userId: 'personId' },
      expiresIn: 60 * 60 * 24 * 30,
      updateAge: 60 * 60 * 24,
    },
    databaseHooks: {
      session: {
        create: {
          before: ({ userId }) => refuseSuspended(ctx, userId),
          after: ({ userId }) =>
            recordSecurity(ctx.db, { kind: 'signed_in', personId: userId, subject: 'by code' }),
        },
      },
    },
    account: { modelName: 'signInAccounts', fields: { userId: 'personId' } },
    verification: { modelName: 'signInVerifications' },
    // This limit is per IP address. Twilio Verify limits each number: five sends and tries in ten minutes.
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'signInLimits',
      // The window restarts after so many seconds without a request, so a long window would lock out a busy
      // IP address.
      window: 10,
      max: 300,
      customRules: {
        '/phone-number/send-otp': { window: 10, max: 60 },
        '/phone-number/verify': { window: 10, max: 60 },
      },
    },
    advanced: {
      // __Host-: a browser takes it over https alone, for this host alone, from no subdomain.
      cookiePrefix: isSecure ? '__Host-presence' : 'presence',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, path: '/', httpOnly: true, sameSite: 'lax' },
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    plugins: [
      phoneNumber({
        otpLength: 6,
        expiresIn: 600,
        phoneNumberValidator: isMobileNumber,
        sendOTP: ({ phoneNumber: number }) => asAnswer(() => sendCode(ctx.twilio, number)),
        verifyOTP: async ({ phoneNumber: number, code }) => {
          // Twilio refuses what is no code as a mistake of ours.
          if (/^\d{6}$/.test(code) && (await asAnswer(() => checkCode(ctx.twilio, number, code)))) return true
          throw new APIError('BAD_REQUEST', {
            code: 'INVALID_OTP',
            message: 'This code is wrong, used or too old. Please check it, or ask for a new one.',
          })
        },
        signUpOnVerification: {
          getTempEmail: (number) => `${number.slice(1)}@people.presence.invalid`,
          getTempName: () => '',
        },
        schema: {
          user: { fields: { phoneNumber: 'mobileNumber', phoneNumberVerified: 'mobileNumberVerified' } },
        },
      }),
    ],
  })
}
export type SignIn = ReturnType<typeof openSignIn>

/** Only after the code: whether a number is suspended is nobody else's business. */
async function refuseSuspended(ctx: Context, personId: string): Promise<void> {
  const { rows } = await sql<{ is: boolean }>`
    select is_suspended(mobile_number) as is from people where id = ${personId}`.execute(ctx.db)
  if (!rows[0]?.is) return
  await recordSecurity(ctx.db, { kind: 'sign_in_refused', personId, subject: 'suspended' })
  throw new APIError('FORBIDDEN', {
    code: 'suspended',
    message: 'Your account is suspended, so you cannot sign in. If this is a mistake, please write to us.',
  })
}

/** Twilio's error codes (https://www.twilio.com/docs/api/errors) for too many codes for one number. */
const verifyLimits = { sends: '60203', checks: '60202' }
const landlineCodes = ['60205', '21614']

/** Twilio's refusals in words for the person who is signing in. */
async function asAnswer<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.code === verifyLimits.sends || error.code === verifyLimits.checks) {
      throw new APIError('TOO_MANY_REQUESTS', {
        code: 'too_many_codes',
        message: 'Too many codes were asked for or tried. Please wait ten minutes and start again.',
      })
    }
    if (landlineCodes.includes(error.code ?? '')) {
      throw new APIError('BAD_REQUEST', {
        code: 'number_is_landline',
        message: 'This is a landline, which receives no text messages. Please give a mobile number.',
      })
    }
    if (isAboutUs(error))
      throw new APIError('SERVICE_UNAVAILABLE', { code: 'codes_unavailable', message: notJustNow })
    // Any other 429 is a limit for all requests together, and passes in a moment.
    if (error.status !== undefined && error.status < 500 && error.status !== 429) {
      throw new APIError('BAD_REQUEST', {
        code: 'number_unreachable',
        message: 'We could not send a code to this number. Please check it and try again.',
      })
    }
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'codes_unavailable',
      message: 'Codes cannot be sent or checked just now. Please try again in a moment.',
    })
  }
}
