// A host's share that Stripe cannot pay: the operator pays it from the bank, and notes it here.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import { api } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { say, sentenceOf } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'

const open = ['waiting_for_onboarding', 'failed'] as const

export function PaidOtherwise({ booking }: { booking: PurchaseFile['bookings'][number] }) {
  const [isAsked, setAsked] = useState(false)
  const [reference, setReference] = useState('')
  const [paidOn, setPaidOn] = useState(now().toISOString().slice(0, 10))
  const save = useMutation({
    mutationFn: () => api.recordOtherPayment(booking.id, { reference: reference.trim(), paidOn }),
    onSuccess() {
      say('The share is settled')
      return queryClient.invalidateQueries({ queryKey: ['ops'] })
    },
  })
  if (!open.some((status) => status === booking.payoutStatus)) return null
  if (!isAsked)
    return (
      <Button kind="quiet" size="small" className="mt-1" onClick={() => setAsked(true)}>
        Paid otherwise
      </Button>
    )
  return (
    <form
      aria-label={`Paid otherwise, session ${booking.position}`}
      className="mt-3 grid gap-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <TextField
        label="Reference of the payment"
        value={reference}
        onText={setReference}
        hint="As your bank shows it"
        minLength={3}
        maxLength={200}
        required
      />
      <TextField label="Paid on" type="date" value={paidOn} onText={setPaidOn} required />
      {save.error && (
        <p role="alert" className="font-medium text-danger sm:col-span-2">
          {sentenceOf(save.error)}
        </p>
      )}
      <div className="sm:col-span-2">
        <Button type="submit" size="small" isBusy={save.isPending}>
          Settle the share
        </Button>
      </div>
    </form>
  )
}
