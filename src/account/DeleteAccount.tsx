// Deleting one's account: what will happen, in words, then a code, then fourteen days to think again.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Deletion } from '../../server/journey/privacy/deletion-view.ts'
import { api } from '../api/api.ts'
import { deletionQuery, meQuery, queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Problem } from '../ui/Notice.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'
import { money } from '../words/format.ts'
import { CodeField } from './CodeField.tsx'

export function DeleteAccount({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery({ ...deletionQuery, staleTime: 0 })
  const [code, setCode] = useState('')
  const navigate = useNavigate()
  const send = useMutation({ mutationFn: api.sendOwnCode, onError: sayProblem })
  const remove = useMutation({
    mutationFn: () => api.deleteAccount(code),
    onSuccess() {
      void navigate('/')
      queryClient.clear()
      queryClient.setQueryData(meQuery.queryKey, null)
      say('Your account is being deleted. Sign in within 14 days to keep it.')
    },
  })
  return (
    <Sheet
      title="Delete your account?"
      onClose={onClose}
      footer={
        <>
          {send.isSuccess ? (
            <Button
              kind="danger"
              isBusy={remove.isPending}
              disabled={code.length < 6}
              onClick={() => remove.mutate()}
            >
              Delete my account
            </Button>
          ) : (
            <Button kind="danger" isBusy={send.isPending} disabled={!data} onClick={() => send.mutate()}>
              Text me a code to confirm
            </Button>
          )}
          <Button kind="secondary" onClick={onClose}>
            Keep it
          </Button>
        </>
      }
    >
      {data ? (
        <WhatHappens deletion={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="skeleton h-48 w-full rounded-card" role="status" aria-label="Loading" />
      )}
      {send.isSuccess && (
        <form
          className="mt-6"
          onSubmit={(event) => {
            event.preventDefault()
            if (code.length === 6) remove.mutate()
          }}
        >
          <CodeField
            label="6-digit code"
            value={code}
            onCode={setCode}
            problem={remove.error ? sentenceOf(remove.error) : undefined}
            hint="We texted it to your number."
          />
        </form>
      )}
    </Sheet>
  )
}

function WhatHappens({ deletion }: { deletion: Deletion }) {
  return (
    <>
      <ul className="grid list-disc gap-2.5 pl-5 text-ink-soft marker:text-ink-faint">
        {sentencesOf(deletion).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className="mt-4 text-[0.9375rem] text-ink-faint">
        If you only want a copy of your data, download it first. It cannot be made afterwards.
      </p>
    </>
  )
}

const counted = (count: number) => (count === 1 ? '1 session' : `${count} sessions`)

function sentencesOf({ asMember, asHost, undoDays, currency }: Deletion): string[] {
  const sentences: string[] = []
  if (asMember) {
    const { sessionsAhead, sessionsForfeited, unusedSessions, refundCents } = asMember
    if (sessionsAhead > 0) sentences.push(`${counted(sessionsAhead)} you have booked will be cancelled.`)
    if (unusedSessions > 0) sentences.push(`${counted(unusedSessions)} you have not used will be gone.`)
    if (refundCents > 0)
      sentences.push(`First you get ${money(refundCents, currency)} back, on the card you paid with.`)
    if (sessionsForfeited > 0)
      sentences.push(
        `Of sessions that start very soon, ${sessionsForfeited} cannot be refunded. ` +
          'You can meet your host first.',
      )
  }
  if (asHost) {
    if (asHost.sessionsAhead > 0)
      sentences.push(
        `${counted(asHost.sessionsAhead)} members have booked with you will be cancelled, and theirs again.`,
      )
    if (asHost.unpaidCents > 0)
      sentences.push(
        `${money(asHost.unpaidCents, currency)} you earned has not been paid out. ` +
          (asHost.canBePaid
            ? 'It will be, and your account is deleted after that.'
            : 'Finish Stripe first: your account is deleted only after it has been paid.'),
      )
  }
  return [
    ...sentences,
    'You are signed out everywhere, and get no more reminders.',
    `For ${undoDays} days you can sign in and keep your account. What was cancelled stays cancelled.`,
    'After that, your name, number and everything you wrote are deleted here and at the services we use. ' +
      'It cannot be undone.',
    'The law has us keep what was paid and when, without your name. Others see only ' +
      (asHost ? '"a former host".' : '"a former member".'),
  ]
}
