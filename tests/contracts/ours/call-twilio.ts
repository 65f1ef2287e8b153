import { checkCode, deleteSms, findSms, sendCode, sendSms } from '../../../server/integrations/twilio.ts'
import {
  fetchCodeLength,
  fetchMessagingService,
  fetchStanding,
} from '../../../server/integrations/twilio-account.ts'
import { codeOnPhone } from '../use/twilio.ts'
import { must, refusal } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import type { Ours } from './clients.ts'

export async function callTwilio({ clients: { twilio }, outside, at }: Ours): Promise<void> {
  const phone = '+61491570112'
  must((await fetchStanding(twilio)).status === 'active', 'the account is not active')
  must((await fetchCodeLength(twilio)) === 6, 'a code has not six digits')
  must((await fetchMessagingService(twilio)).numbers === 1, 'the service has no number')
  await sendCode(twilio, phone)
  must(!(await checkCode(twilio, phone, '00000')), 'a wrong code is right')
  must(await checkCode(twilio, phone, await codeOnPhone(outside, phone)), 'the right code is wrong')
  must(!(await checkCode(twilio, phone, '123456')), 'a used verification is open')
  const statusCallbackUrl = `${outside.receiver.url}/hook`
  const sent = await sendSms(twilio, { to: phone, body: 'Hello from Presence', statusCallbackUrl })
  must(
    (await findSms(twilio, phone, 'Hello from Presence', await at(-minuteMs)))?.sid === sent.sid,
    'an SMS is not found again',
  )
  await deleteSms(twilio, 'SM00000000000000000000000000000000')
  must(
    (await refusal(sendSms(twilio, { to: '+15005550001', body: 'Hello', statusCallbackUrl }))).code ===
      '21211',
    'an SMS goes to nobody',
  )
}
