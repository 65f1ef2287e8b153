// For whoever signs in while the account is being deleted: keep it, or let it go.
import { useMutation } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { meQuery, queryClient, useMe, useZone } from '../api/queries.ts'
import { now } from '../words/clock.ts'
import { midSentence, when } from '../words/format.ts'
import { Button } from './Button.tsx'
import { say, sayProblem } from './toasts.ts'

export function LeavingBanner() {
  const { data: me } = useMe()
  const zone = useZone()
  const undo = useMutation({
    mutationFn: api.undoDeletion,
    async onSuccess() {
      await queryClient.refetchQueries(meQuery)
      say('Your account stays')
    },
    onError: sayProblem,
  })
  if (!me?.leavingAt) return null
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-5 gap-y-2 bg-caution-soft px-5 py-3
        text-center font-medium text-caution"
    >
      <p>Your account will be deleted on {midSentence(when(me.leavingAt, zone, now()))}.</p>
      <Button kind="secondary" size="small" isBusy={undo.isPending} onClick={() => undo.mutate()}>
        Keep my account
      </Button>
    </div>
  )
}
