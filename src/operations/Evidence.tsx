// Evidence for the member's bank in a dispute: who was in the room, what was sent, what was agreed.
import { now } from '../words/clock.ts'
import { browserZone, timeOfDay, when } from '../words/format.ts'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import { termsText } from './ops-words.ts'
import { Card } from '../ui/Card.tsx'
import { Section } from '../ui/Page.tsx'

export function Evidence({ file }: { file: PurchaseFile }) {
  const zone = browserZone()
  const stays = file.bookings.flatMap((booking) =>
    booking.attendance.map((stay) => ({ ...stay, position: booking.position })),
  )
  return (
    <Section title="Evidence">
      <Card className="grid gap-6 p-5 sm:p-6">
        <div>
          <h3 className="font-semibold">Who was in the room</h3>
          {stays.length === 0 ? (
            <p className="text-ink-faint">Nobody was seen in a room.</p>
          ) : (
            <ul className="mt-1 text-[0.9375rem]">
              {stays.map((stay) => (
                <li key={`${stay.role}${stay.joinedAt}`}>
                  Session {stay.position}: the {stay.role}, {when(stay.joinedAt, zone, now())} to{' '}
                  {stay.leftAt ? timeOfDay(stay.leftAt, zone) : 'the end'}
                </li>
              ))}
            </ul>
          )}
        </div>
        <div>
          <h3 className="font-semibold">What was sent</h3>
          {file.messages.length === 0 ? (
            <p className="text-ink-faint">Nothing was sent.</p>
          ) : (
            <ul className="mt-1 grid gap-2 text-[0.9375rem]">
              {file.messages.map((message, index) => (
                <li key={index}>
                  <span className="text-ink-faint">
                    {message.template}, to the {message.recipient}, {message.status}
                    {message.sentAt && `, ${when(message.sentAt, zone, now())}`}
                  </span>
                  <span className="block wrap-anywhere">{message.body}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div>
          <h3 className="font-semibold">What was agreed</h3>
          <ul className="mt-1 text-[0.9375rem]">
            {termsText(file.terms, file.currency).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      </Card>
    </Section>
  )
}
