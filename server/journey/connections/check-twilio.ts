// Twilio: the account, the Verify service, and the messaging service with its senders.
import { fetchCodeLength, fetchMessagingService, fetchStanding } from '../../integrations/twilio-account.ts'
import type { Context } from '../context.ts'
import { isReachable } from '../../lib/reachable.ts'
import { type ConnectionLine, linesOf } from './connection.ts'
import { findHeard } from './find-heard.ts'
import { findRefusal } from './find-refusal.ts'

const { ok, notice, failing } = linesOf('twilio')
/** As many digits as the pages have fields for. */
const codeDigits = 6

export async function checkTwilio(ctx: Context): Promise<ConnectionLine[]> {
  const account = await findRefusal('twilio', 'account', () => accountLine(ctx))
  if (account[0]?.cause === 'credentials' || account[0]?.cause === 'unreachable') return account
  return [
    ...account,
    ...(await findRefusal('twilio', 'Verify service', () => verifyLine(ctx))),
    ...(await findRefusal('twilio', 'messaging service', () => messagingLines(ctx))),
    reportsLine(ctx),
    await findHeard(ctx.db, 'twilio', 'texts', 'TWILIO_AUTH_TOKEN'),
  ]
}

async function accountLine(ctx: Context): Promise<ConnectionLine> {
  const { status, isTrial } = await fetchStanding(ctx.twilio)
  if (status !== 'active')
    return failing('account', 'account', `The account is ${status}`, "See in Twilio's console why.")
  if (isTrial)
    return failing(
      'account',
      'trial',
      'The account is a trial: it reaches verified numbers only',
      'Upgrade the account in the console.',
    )
  return ok('account', 'Active')
}

async function verifyLine(ctx: Context): Promise<ConnectionLine> {
  const digits = await fetchCodeLength(ctx.twilio)
  if (digits !== codeDigits)
    return failing(
      'Verify service',
      'code_length',
      `It sends codes of ${digits} digits`,
      `Set the code length of the Verify service to ${codeDigits}.`,
    )
  return ok('Verify service', `Codes of ${digits} digits`)
}

async function messagingLines(ctx: Context): Promise<ConnectionLine[]> {
  const { inboundUrl, inboundMethod, numbers, names } = await fetchMessagingService(ctx.twilio)
  const wanted = `${ctx.config.publicUrl}/functions/v1/twilio-inbound`
  const inbound =
    inboundUrl === wanted && inboundMethod === 'POST'
      ? ok('replies', 'They come to us')
      : failing(
          'replies',
          'inbound',
          inboundUrl ? `They go by ${inboundMethod} to ${inboundUrl}` : 'They go nowhere',
          `Set the inbound request URL of the messaging service to ${wanted}, with POST.`,
        )
  if (numbers + names === 0)
    return [
      failing(
        'sender',
        'sender',
        'The messaging service has no sender',
        'Add a number or a sender name to it, under Sender Pool.',
      ),
      inbound,
    ]
  const sender =
    numbers > 0
      ? ok('sender', 'A number, which can be answered')
      : notice(
          'sender',
          'A name, which nobody can answer: STOP reaches nobody',
          'Add a number to the sender pool, or name another way out in the texts.',
        )
  return [sender, inbound]
}

function reportsLine({ config }: Context): ConnectionLine {
  if (isReachable(config.publicUrl, config.twilio.apiUrl))
    return ok('delivery reports', `To ${config.publicUrl}`)
  return failing(
    'delivery reports',
    'callback',
    `Twilio cannot reach ${config.publicUrl}`,
    'Set PUBLIC_URL to a public https address. Until then texts go out without reports.',
  )
}
