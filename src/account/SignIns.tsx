// Where one is signed in, each with a way to end it.
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../api/api.ts'
import { queryClient, signInsQuery, useZone } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { say, sayProblem } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'
import { midSentence, when } from '../words/format.ts'

export function SignIns({ children }: { children: ReactNode }) {
  const { data } = useQuery(signInsQuery)
  const zone = useZone()
  const end = useMutation({
    mutationFn: api.endSignIn,
    async onSuccess() {
      await queryClient.refetchQueries(signInsQuery)
      say('Signed out there')
    },
    onError: sayProblem,
  })
  return (
    <Card className="mt-6 p-6 sm:p-8">
      <h2 className="text-lg">Where you are signed in</h2>
      <ul className="mt-3 grid gap-1">
        {data?.map(({ id, device, network, signedInAt, isThisOne }) => (
          <li key={id} className="flex min-h-14 items-center justify-between gap-4">
            <span>
              <span className="block font-semibold">
                {device} {isThisOne && <span className="font-normal text-ink-faint">(this one)</span>}
              </span>
              <span className="block text-[0.9375rem] text-ink-faint">
                since {midSentence(when(signedInAt, zone, now()))}
                {network && `, from ${network}`}
              </span>
            </span>
            {!isThisOne && (
              <Button
                kind="secondary"
                size="small"
                aria-label={`Sign out ${device}`}
                isBusy={end.isPending && end.variables === id}
                onClick={() => end.mutate(id)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-3 border-t border-line pt-5">{children}</div>
    </Card>
  )
}
