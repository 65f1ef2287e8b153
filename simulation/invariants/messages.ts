// Compares the phones with our list of messages: one SMS per event and recipient, and none missing.
import type { Sms } from '../../world/person.ts'
import type { Invariant } from '../invariant.ts'

/** Messages about a future time, which may be dropped when it has passed. */
const timely = ['Booking Confirmation', 'Session Moved', 'Session Reminder']

const once: Invariant = {
  name: 'no SMS is doubled: every one on a phone is one of our messages, and the other way round',
  look: async ({ world, db }) => {
    const rows = await db
      .selectFrom('messages')
      .select(['key', 'twilioSid', 'mobileNumber', 'status'])
      .execute()
    const { messages } = (await (await fetch(`${world.sandboxUrl}/_sandbox/messages`)).json()) as {
      messages: Sms[]
    }
    const told = messages.filter(({ body }) => !/\b\d{6}\b/.test(body))
    const sids = new Set(rows.map((row) => row.twilioSid))
    const onPhones = new Set(told.map((one) => one.sid))
    return {
      evidence: `${told.length} SMS, ${rows.length} messages`,
      problems: [
        ...told
          .filter((one) => !sids.has(one.sid))
          .map((one) => `${one.sid} to ${one.to} is none of our messages: ${one.body}`),
        ...rows
          .filter((row) => row.twilioSid && !onPhones.has(row.twilioSid))
          .map((row) => `${row.key} never reached a phone`),
        ...rows
          .filter((row) => row.status === 'failed' || row.status === 'undelivered')
          .map((row) => `${row.key} is ${row.status}`),
      ],
    }
  },
}

const complete: Invariant = {
  name: 'no SMS that is owed is missing',
  look: async ({ db, history }) => {
    const rows = await db.selectFrom('messages').select(['key', 'template', 'status']).execute()
    const problems: string[] = []
    let dropped = 0
    for (const owed of history.owed) {
      const message = rows.find((row) => row.key === owed || row.key.startsWith(`${owed}:`))
      if (!message) problems.push(`${owed} was never sent`)
      else if (message.status === 'dropped' && timely.includes(message.template)) dropped += 1
      else if (message.status !== 'sent' && message.status !== 'delivered')
        problems.push(`${message.key} is ${message.status}`)
    }
    return {
      evidence: `${history.owed.size} owed, ${dropped} of no use any more when Twilio could be reached`,
      problems,
    }
  },
}

export const messageInvariants = [once, complete]
