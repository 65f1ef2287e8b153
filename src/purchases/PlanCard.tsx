import { Check } from 'lucide-react'
import type { Terms } from '../../server/journey/plans/plan.ts'
import { shortMoney } from '../words/format.ts'
import { planNames } from '../words/session-words.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'

type Props = {
  terms: Terms
  single: Terms | undefined
  hostName: string
  /** Why it cannot be bought now; empty where it can. */
  problem: string
  onChoose: () => void
}

export function PlanCard({ terms, single, hostName, problem, onChoose }: Props) {
  const perSessionCents = Math.floor(terms.priceCents / terms.sessions)
  const isPack = terms.sessions > 1
  const saving = single && isPack ? Math.round(100 - (perSessionCents / single.priceCents) * 100) : 0
  const facts = [
    `${terms.sessions === 1 ? 'One conversation' : `${terms.sessions} conversations`} of ${terms.sessionMinutes} minutes`,
    terms.anyHost ? `With ${hostName}, or any other host` : `With ${hostName}`,
    `Use ${isPack ? 'them' : 'it'} within ${terms.validDays} days`,
    `Move or cancel free until ${terms.freeChangeHours} hours before`,
    isPack
      ? "Refund for what you haven't used, until it expires"
      : 'Full refund until you use it or it expires',
  ]
  return (
    <Card className="flex h-full flex-col p-6 sm:p-7">
      <div className="flex min-h-8 items-center justify-between gap-3">
        <p className="font-medium text-ink-faint">{terms.plan}</p>
        {saving > 0 && (
          <p className="rounded-full bg-accent-soft px-3 py-1 text-sm font-semibold text-accent-on-soft">
            {saving}% less a session
          </p>
        )}
      </div>
      <h2 className="mt-1 text-[1.5rem]">{planNames[terms.plan]}</h2>
      <p className="mt-4 flex items-baseline gap-2">
        <span className="tabular text-[2.6rem] leading-none font-semibold tracking-[-0.03em]">
          {shortMoney(terms.priceCents, terms.currency)}
        </span>
        <span className="text-ink-faint">{terms.currency}</span>
      </p>
      <p className="mt-2 text-ink-soft">
        {isPack ? `about ${shortMoney(perSessionCents, terms.currency)} a session` : 'for one session'}
      </p>
      <ul className="mt-6 mb-8 grid gap-2.5">
        {facts.map((fact) => (
          <li key={fact} className="flex gap-2.5 text-ink-soft">
            <Check className="mt-1 size-4.5 shrink-0 text-accent" strokeWidth={2.4} aria-hidden="true" />{' '}
            {fact}
          </li>
        ))}
      </ul>
      <Button
        className="mt-auto"
        kind={isPack && problem === '' ? 'secondary' : 'primary'}
        disabled={problem !== ''}
        onClick={onChoose}
      >
        {problem || `Choose ${planNames[terms.plan].toLowerCase()}`}
      </Button>
    </Card>
  )
}
