import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { Decision } from '../../server/journey/operations/task.ts'
import type { OperatorTask } from '../../server/journey/operations/operations-view.ts'
import { now } from '../words/clock.ts'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { TextField } from '../ui/TextField.tsx'
import { browserZone, when } from '../words/format.ts'
import { readable } from '../words/phone-number.ts'
import { queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'

const attendance: [Decision, string][] = [
  ['held', 'Both were there'],
  ['member_absent', 'The member was absent'],
  ['host_absent', 'The host was absent'],
]
const reported: [Decision, string][] = [
  ['decided_for_host', 'The host is paid for this session'],
  ['decided_for_member', 'The member has the session back, or a refund'],
]

export const kindWords: Record<OperatorTask['kind'], string> = {
  attendance_unknown: 'Attendance',
  payout_failed: 'Payout',
  refund_failed: 'Refund',
  money_difference: 'Difference to Stripe',
  dispute: 'Dispute',
  payment_mismatch: 'Payment',
  setup: 'Setting up',
  calendar: 'Calendar',
  job_failed: 'Failed work',
  report: 'Report',
  security: 'Security',
  contact: 'Message to us',
}

/** One thing that an operator has to decide, with who is concerned. */
export function TaskCard({ task }: { task: OperatorTask }) {
  const [note, setNote] = useState('')
  const [decision, setDecision] = useState<Decision>()
  const decisions = task.kind === 'attendance_unknown' ? attendance : task.hasEndedSession ? reported : []
  const needsDecision = decisions.length > 0
  const canTryAgain = task.kind === 'refund_failed' || task.kind === 'payout_failed'
  const resolve = useMutation({
    mutationFn: (chosen: Decision | undefined) => api.resolveTask(task.id, note.trim(), chosen),
    onSuccess(_answer, chosen) {
      say(chosen === 'try_again' ? 'It is tried again' : 'Done')
      return queryClient.invalidateQueries({ queryKey: ['ops'] })
    },
  })
  return (
    <Card className={`p-5 sm:p-6 ${task.urgency === 2 ? 'border-danger ring-1 ring-danger' : ''}`}>
      <p className="text-[0.9375rem] text-ink-faint">
        <span className="font-semibold text-ink-soft">{kindWords[task.kind]} · </span>
        {task.urgency === 2 && <span className="font-semibold text-danger">Possible danger · </span>}
        {when(task.createdAt, browserZone(), now())}
      </p>
      <p className="mt-1 text-lg leading-snug">{task.sentence}</p>
      {!task.session && (task.memberName || task.hostName) && (
        <dl className="mt-3 grid gap-x-6 gap-y-1 text-[0.9375rem] sm:grid-cols-2">
          {task.memberName && <PersonToAsk title="Member" name={task.memberName} number={null} />}
          {task.hostName && <PersonToAsk title="Host" name={task.hostName} number={null} />}
        </dl>
      )}
      {task.session && (
        <dl className="mt-3 grid gap-x-6 gap-y-1 text-[0.9375rem] sm:grid-cols-2">
          <PersonToAsk title="Member" name={task.session.memberName} number={task.session.memberNumber} />
          <PersonToAsk title="Host" name={task.session.hostName} number={task.session.hostNumber} />
          {task.session.start && (
            <div>
              <dt className="inline text-ink-faint">Start </dt>
              <dd className="inline">{when(task.session.start, browserZone(), now())}</dd>
            </div>
          )}
        </dl>
      )}
      <div className="mb-4" />
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          resolve.mutate(decision)
        }}
      >
        {needsDecision && (
          <fieldset className="grid gap-1">
            <legend className="mb-1 font-semibold">
              {task.hasEndedSession ? 'What becomes of the session?' : 'What happened?'}
            </legend>
            {decisions.map(([value, label]) => (
              <label key={value} className="flex min-h-11 cursor-pointer items-center gap-3">
                <input
                  type="radio"
                  name={`decision-${task.id}`}
                  checked={decision === value}
                  onChange={() => setDecision(value)}
                  className="size-5 accent-(--accent)"
                />
                {label}
              </label>
            ))}
          </fieldset>
        )}
        <TextField
          label="Note"
          value={note}
          onText={setNote}
          problem={resolve.error ? sentenceOf(resolve.error) : undefined}
          maxLength={2000}
        />
        <div className="flex flex-wrap gap-2.5">
          {canTryAgain && (
            <Button size="small" isBusy={resolve.isPending} onClick={() => resolve.mutate('try_again')}>
              Try again
            </Button>
          )}
          {task.kind !== 'payout_failed' && (
            <Button
              type="submit"
              kind="secondary"
              size="small"
              isBusy={resolve.isPending}
              disabled={needsDecision && !decision}
            >
              Mark as done
            </Button>
          )}
          {task.purchaseId && (
            <ButtonLink to={`/ops/purchases/${task.purchaseId}`} kind="quiet" size="small">
              Look at the purchase
            </ButtonLink>
          )}
        </div>
      </form>
    </Card>
  )
}

function PersonToAsk({ title, name, number }: { title: string; name: string; number: string | null }) {
  return (
    <div>
      <dt className="inline text-ink-faint">{title} </dt>
      <dd className="inline">
        {name}
        {number && (
          <>
            {' '}
            ·{' '}
            <a
              className="inline-flex min-h-11 items-center underline underline-offset-2 sm:min-h-0"
              href={`tel:${number}`}
            >
              {readable(number)}
            </a>
          </>
        )}
      </dd>
    </div>
  )
}
