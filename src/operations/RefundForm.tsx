import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../api/api.ts'
import { money } from '../words/format.ts'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import { centsOf } from './ops-words.ts'
import { queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { fieldClass, TextField } from '../ui/TextField.tsx'

/** Refunds any amount up to the rest, of one session or of the whole purchase, with a recorded reason. */
export function RefundForm({ file }: { file: PurchaseFile }) {
  const [bookingId, setBookingId] = useState('')
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  // The same id for every attempt, so that a lost answer does not refund twice.
  const refundId = useRef(crypto.randomUUID())
  const booking = file.bookings.find((one) => one.id === bookingId)
  const leftCents = booking ? booking.leftCents : file.leftCents
  const cents = centsOf(amount)
  const problem =
    amount === ''
      ? undefined
      : cents === undefined || cents <= 0
        ? 'An amount like 12.50'
        : cents > leftCents
          ? `Only ${money(leftCents, file.currency)} is left`
          : undefined
  const refund = useMutation({
    mutationFn: () =>
      api.refundPurchase(file.id, {
        refundId: refundId.current,
        amountCents: cents ?? 0,
        reason: reason.trim(),
        ...(bookingId ? { bookingId } : {}),
      }),
    onSuccess() {
      say('The refund is on its way')
      refundId.current = crypto.randomUUID()
      setAmount('')
      setReason('')
      return queryClient.invalidateQueries({ queryKey: ['ops'] })
    },
  })
  if (file.leftCents === 0) return <p className="text-ink-soft">Everything was given back.</p>
  const isDisputed = file.disputes.some(({ status }) => status !== 'won')
  if (isDisputed)
    return (
      <p className="text-ink-soft">
        The member's bank decides about this money, so nothing can be refunded here.
      </p>
    )
  return (
    <Card className="p-5 sm:p-6">
      <form
        aria-label="Refund"
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (cents && !problem && reason.trim().length >= 3) refund.mutate()
        }}
      >
        {file.bookings.length > 1 && (
          <label className="grid gap-1.5 sm:col-span-2">
            <span className="font-semibold">Of</span>
            <select
              className={fieldClass}
              value={bookingId}
              onChange={(event) => setBookingId(event.target.value)}
            >
              <option value="">the whole purchase, unused sessions first</option>
              {file.bookings
                .filter((one) => one.leftCents > 0)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    session {one.position}
                  </option>
                ))}
            </select>
          </label>
        )}
        <TextField
          label={`Amount in ${file.currency}`}
          inputMode="decimal"
          value={amount}
          onText={setAmount}
          problem={problem}
          hint={`Up to ${money(leftCents, file.currency)}`}
          maxLength={12}
          required
        />
        <TextField
          label="Reason"
          value={reason}
          onText={setReason}
          hint="Kept with the refund and shown in Airtable"
          minLength={3}
          maxLength={500}
          required
        />
        {refund.error && (
          <p role="alert" className="font-medium text-danger sm:col-span-2">
            {sentenceOf(refund.error)}
          </p>
        )}
        <div className="sm:col-span-2">
          <Button type="submit" size="small" isBusy={refund.isPending} disabled={!cents || Boolean(problem)}>
            {cents && !problem ? `Refund ${money(cents, file.currency)}` : 'Refund'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
