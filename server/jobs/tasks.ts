// The verb that each job runs.
import type { Jobs } from '../db/jobs.ts'
import { learnIds } from '../integrations/airtable-ids.ts'
import { bookCalendar } from '../journey/bookings/book-calendar.ts'
import { checkCalcoms } from '../journey/times/set-calcom-key.ts'
import { deleteEndedReservations, releaseSlot } from '../journey/times/reserve-time.ts'
import { setMeetingPlace } from '../journey/bookings/set-meeting-place.ts'
import { clearEntry } from '../journey/bookings/clear-entry.ts'
import { followCalendars } from '../journey/bookings/follow-calendar.ts'
import { giveSessionBack } from '../journey/bookings/give-session-back.ts'
import { refreshCalSlots } from '../journey/times/read-cal-slots.ts'
import { reportAbsence } from '../journey/bookings/report-absence.ts'
import { expireBooking, warnExpiry } from '../journey/bookings/expire-booking.ts'
import { sendRefund } from '../journey/refunds/send-refund.ts'
import type { Context } from '../journey/context.ts'
import { checkConnections } from '../journey/connections/check-connections.ts'
import { recordAccounts } from '../journey/connections/record-accounts.ts'
import { pullCalendar, pullCalendars } from '../journey/times/pull-calendar.ts'
import { readHosts } from '../journey/hosts/read-hosts.ts'
import { readHelp } from '../journey/messages/read-help.ts'
import { readTemplates } from '../journey/messages/read-templates.ts'
import { remindInactive } from '../journey/messages/remind-inactive.ts'
import { sendMessage, sendMessages } from '../journey/messages/send-messages.ts'
import { followMoney } from '../journey/money/follow-money.ts'
import { payHost } from '../journey/payouts/pay-host.ts'
import { reconcileMoney } from '../journey/money/reconcile-money.ts'
import { registerWalletDomain } from '../journey/money/register-wallet-domain.ts'
import { registerStripeEndpoints } from '../journey/money/register-stripe-endpoints.ts'
import { confirmPurchaseById } from '../journey/purchases/reconcile-purchases.ts'
import { registerAirtableWebhook } from '../journey/records/register-airtable-webhook.ts'
import { writeRecords } from '../journey/records/write-records.ts'
import { endObligations } from '../journey/privacy/end-obligations.ts'
import { eraseCopies } from '../journey/privacy/erase-copies.ts'
import { erasePerson } from '../journey/privacy/erase-person.ts'
import { closeRoom } from '../journey/rooms/close-room.ts'
import { createRoom, createRooms } from '../journey/rooms/create-room.ts'
import { prepareRoom } from '../journey/rooms/ensure-room.ts'
import { completeAttendance, settleSession } from '../journey/rooms/settle-session.ts'
import { handleDeliveries } from './handle-deliveries.ts'
import { handleWebhook } from './handle-webhook.ts'
import { reconcile } from './reconcile.ts'

/** Long work stops between two slices when `signal` aborts: the queue has given the job to somebody else. */
export type Tasks = {
  [Name in keyof Jobs]: (ctx: Context, payload: Jobs[Name], signal?: AbortSignal) => Promise<unknown>
}

/** Jobs that come in thousands run in batches, with one outcome for each, in their order. */
type Batches = {
  [Name in keyof Jobs]?: (ctx: Context, payloads: Jobs[Name][]) => Promise<PromiseSettledResult<unknown>[]>
}

export const batches: Batches = {
  'record-delivery': (ctx, deliveries) =>
    handleDeliveries(
      ctx,
      deliveries.map(({ webhookEventId }) => webhookEventId),
    ),
  'daily-create-room': (ctx, keys) => createRooms(ctx, keys),
  'send-message': (ctx, jobs) => sendMessages(ctx, jobs),
}

export const tasks: Tasks = {
  'handle-webhook': (ctx, { webhookEventId }) => handleWebhook(ctx, webhookEventId),
  'record-delivery': (ctx, { webhookEventId }) => handleWebhook(ctx, webhookEventId),
  'confirm-purchase': (ctx, { purchaseId }) => confirmPurchaseById(ctx, purchaseId),
  'book-calendar': (ctx, { bookingId, attempt }) => bookCalendar(ctx, bookingId, attempt),
  'set-meeting-place': (ctx, attempt) => setMeetingPlace(ctx, attempt),
  'clear-entry': (ctx, entry) => clearEntry(ctx, entry),
  'give-session-back': (ctx, { bookingId }) => giveSessionBack(ctx, bookingId),
  'release-slot': (ctx, { calReservationUid }) => releaseSlot(ctx, calReservationUid),
  'mark-absent': (ctx, absence) => reportAbsence(ctx, absence),
  'refresh-slots': async (ctx) => {
    await refreshCalSlots(ctx)
    await deleteEndedReservations(ctx.db)
  },
  'check-calcoms': (ctx) => checkCalcoms(ctx),
  'follow-calendars': (ctx) => followCalendars(ctx),
  'pull-calendar': (ctx, { importedCalendarId }) => pullCalendar(ctx, importedCalendarId),
  'pull-calendars': (ctx) => pullCalendars(ctx),
  'prepare-room': (ctx, { bookingId, attempt }) => prepareRoom(ctx, bookingId, attempt),
  'daily-create-room': (ctx, { bookingId, attempt }) => createRoom(ctx, bookingId, attempt),
  'close-room': (ctx, { bookingId, attempt }) => closeRoom(ctx, bookingId, attempt),
  'settle-session': (ctx, { bookingId, attempt }) => settleSession(ctx, bookingId, attempt),
  'complete-attendance': (ctx, { bookingId, attempt }) => completeAttendance(ctx, bookingId, attempt),
  'expire-booking': (ctx, { bookingId }) => expireBooking(ctx, bookingId),
  'warn-expiry': (ctx, { bookingId }) => warnExpiry(ctx, bookingId),
  'remind-inactive': (ctx, { purchaseId }) => remindInactive(ctx, purchaseId),
  'send-message': (ctx, job) => sendMessage(ctx, job),
  'pay-host': (ctx, { bookingId }) => payHost(ctx, bookingId),
  'send-refund': (ctx, { refundId }) => sendRefund(ctx, refundId),
  'follow-money': (ctx, { purchaseId }) => followMoney(ctx, purchaseId),
  'reconcile-money': (ctx, _payload, signal) => reconcileMoney(ctx, signal),
  'end-obligations': (ctx, { deletionId }) => endObligations(ctx, deletionId),
  'erase-person': (ctx, { deletionId }) => erasePerson(ctx, deletionId),
  'erase-copies': (ctx, { deletionId }) => eraseCopies(ctx, deletionId),
  'write-records': (ctx, _payload, signal) => writeRecords(ctx, signal),
  'read-hosts': async (ctx, _payload, signal) => {
    await learnIds(ctx.airtable)
    await readHosts(ctx, signal)
    await readTemplates(ctx)
    await readHelp(ctx)
  },
  'register-webhooks': async (ctx) => {
    await recordAccounts(ctx)
    await registerAirtableWebhook(ctx)
    await registerStripeEndpoints(ctx)
    await registerWalletDomain(ctx)
  },
  'check-connections': (ctx) => checkConnections(ctx),
  reconcile: (ctx) => reconcile(ctx),
}
