// For a host whose number our operators have changed: it opens the account after a day, with a code.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { queryClient, useZone } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'
import { midSentence, when } from '../words/format.ts'
import { CodeField } from './CodeField.tsx'

export function NewHostNumber({ opensAt }: { opensAt: string }) {
  const [code, setCode] = useState('')
  const zone = useZone()
  const send = useMutation({ mutationFn: api.sendOwnCode, onError: sayProblem })
  const confirm = useMutation({
    mutationFn: () => api.confirmHostNumber(code),
    async onSuccess() {
      await queryClient.invalidateQueries()
      say('This number is yours as a host now')
    },
  })
  const isOpen = new Date(opensAt) <= now()
  return (
    <Card className="mb-6 p-6 sm:p-8">
      <h2 className="text-lg">Your number as a host</h2>
      <p className="mt-2 text-ink-soft">
        Our operators were given this number for you. So that nobody takes over your account, we have told
        your old number.{' '}
        {isOpen
          ? 'Confirm it with a code, and your sessions and earnings open here.'
          : `It opens your sessions and earnings here from ${midSentence(when(opensAt, zone, now()))}.`}
      </p>
      {isOpen && (
        <form
          className="mt-4 grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            confirm.mutate()
          }}
        >
          {send.isSuccess && (
            <CodeField
              label="6-digit code"
              value={code}
              onCode={setCode}
              problem={confirm.error ? sentenceOf(confirm.error) : undefined}
            />
          )}
          {send.isSuccess ? (
            <Button type="submit" isBusy={confirm.isPending} disabled={code.length < 6}>
              Confirm
            </Button>
          ) : (
            <Button isBusy={send.isPending} onClick={() => send.mutate()}>
              Text me a code
            </Button>
          )}
        </form>
      )}
    </Card>
  )
}
