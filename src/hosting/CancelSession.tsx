import { useMutation } from '@tanstack/react-query'
import { plans } from '../../server/journey/plans/plan.ts'
import { api } from '../api/api.ts'
import type { HostSession } from '../../server/journey/payouts/host-dashboard-view.ts'
import { now } from '../words/clock.ts'
import { firstName, midSentence, when } from '../words/format.ts'
import { queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'

/** Asks a host who wants to cancel, and says the consequence first. */
export function CancelSession({
  session,
  zone,
  onClose,
}: {
  session: HostSession
  zone: string
  onClose: () => void
}) {
  const cancel = useMutation({
    mutationFn: () => api.cancelAsHost(session.id),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['host'] })
      say('The session is cancelled')
      onClose()
    },
  })
  const name = firstName(session.member.fullName)
  return (
    <Sheet
      title="Cancel this session?"
      onClose={onClose}
      footer={
        <>
          <Button kind="danger" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
            Yes, cancel it
          </Button>
          <Button kind="secondary" onClick={onClose}>
            Keep it
          </Button>
        </>
      }
    >
      <p className="text-lg text-ink-soft">
        {name} is expecting you {midSentence(when(session.start, zone, now()))}. If you cancel, {name} gets
        the session back with {plans.Adhoc.hostFailureExtensionDays} more days to use it, or a refund. You
        aren't paid for it.
      </p>
      {cancel.error && (
        <p role="alert" className="mt-4 font-medium text-danger">
          {sentenceOf(cancel.error)}
        </p>
      )}
    </Sheet>
  )
}
