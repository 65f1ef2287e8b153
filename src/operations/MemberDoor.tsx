import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import { api } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { TextField } from '../ui/TextField.tsx'
import { say, sentenceOf } from '../ui/toasts.ts'

/** Suspends the member or lets them in again, each with a recorded reason. */
export function MemberDoor({ member }: { member: PurchaseFile['member'] }) {
  const [isOpen, setIsOpen] = useState(false)
  const [reason, setReason] = useState('')
  const isSuspended = member.suspendedReason !== null
  const decide = useMutation({
    mutationFn: () =>
      isSuspended
        ? api.reinstateMember(member.id, reason.trim())
        : api.suspendMember(member.id, reason.trim()),
    onSuccess() {
      say(isSuspended ? 'The member can sign in again' : 'The member is suspended')
      setReason('')
      setIsOpen(false)
      return queryClient.invalidateQueries({ queryKey: ['ops'] })
    },
  })
  const name = member.fullName || 'This member'
  return (
    <Card className="p-5 sm:p-6">
      <p className="wrap-anywhere">
        {isSuspended
          ? `${name} is suspended: ${member.suspendedReason}`
          : `${name} can sign in, buy and join sessions.`}
      </p>
      {isOpen ? (
        <form
          aria-label={isSuspended ? 'Lift the suspension' : 'Suspend'}
          className="mt-4 grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim().length >= 3) decide.mutate()
          }}
        >
          {!isSuspended && (
            <p className="text-ink-soft">
              They are signed out everywhere at once. Links and calendars stop, a session under way ends, and
              sessions ahead are taken out of the host's calendar. You decide about refunds below.
            </p>
          )}
          <TextField
            label="Reason"
            value={reason}
            onText={setReason}
            hint="Kept with your name"
            minLength={3}
            maxLength={500}
            required
          />
          {decide.error && (
            <p role="alert" className="font-medium text-danger">
              {sentenceOf(decide.error)}
            </p>
          )}
          <div className="flex flex-wrap gap-3">
            <Button
              type="submit"
              kind={isSuspended ? 'primary' : 'danger'}
              size="small"
              isBusy={decide.isPending}
            >
              {isSuspended ? 'Lift the suspension' : 'Suspend'}
            </Button>
            <Button type="button" size="small" kind="secondary" onClick={() => setIsOpen(false)}>
              Not now
            </Button>
          </div>
        </form>
      ) : (
        <div className="mt-4">
          <Button type="button" size="small" kind="secondary" onClick={() => setIsOpen(true)}>
            {isSuspended ? 'Lift the suspension' : 'Suspend'}
          </Button>
        </div>
      )}
    </Card>
  )
}
