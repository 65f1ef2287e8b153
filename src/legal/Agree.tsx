// Asked once, in plain sight: before a member's first payment, and at a host's first sign-in. A new version
// of a text asks for that text again.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { requiredDocuments } from '../../server/journey/members/consent.ts'
import type { Consents } from '../../server/journey/members/consents-view.ts'
import { api } from '../api/api.ts'
import { consentsQuery, queryClient } from '../api/queries.ts'
import { CrisisLines } from '../safety/CrisisLines.tsx'
import { Button } from '../ui/Button.tsx'
import { sentenceOf } from '../ui/toasts.ts'
import { DocumentText } from './Document.tsx'

type Missing = Consents['missing'][number]

/** What a person says by ticking; one box for what is read together. */
const boxes: { says: string; documents: Missing['document'][] }[] = [
  { says: 'I am 18 or older:', documents: ['age'] },
  { says: 'I have read and agree to', documents: ['terms', 'privacy'] },
  {
    says: 'I understand that this is not therapy and not an emergency service:',
    documents: ['not-therapy'],
  },
  { says: 'I promise to keep to the community pledge:', documents: ['pledge'] },
]

export function Agree({ missing, asksNews }: { missing: Missing[]; asksNews: boolean }) {
  const [ticked, setTicked] = useState<string[]>([])
  const [wantsNews, setWantsNews] = useState(false)
  const asked = boxes.filter(({ documents }) => missing.some((one) => documents.includes(one.document)))
  const isWhole = asked.every(({ says }) => ticked.includes(says))
  const agree = useMutation({
    mutationFn: () =>
      api.agree(
        missing.map(({ document, version }) => ({ document, version })),
        asksNews ? wantsNews : undefined,
      ),
    onSuccess: () => queryClient.refetchQueries(consentsQuery),
    // A text that has changed meanwhile is shown in its new version.
    onError: () => queryClient.refetchQueries(consentsQuery),
  })
  return (
    <form
      aria-label="Before you begin"
      onSubmit={(event) => {
        event.preventDefault()
        agree.mutate()
      }}
    >
      <p className="mb-5 text-ink-soft">
        {missing.length === requiredDocuments.length
          ? 'We ask this once: what everybody on Presence promises, and what you agree to.'
          : 'One of our texts has changed since you agreed to it. Please look at it again.'}
      </p>
      {asked.some(({ documents }) => documents.includes('pledge')) && (
        <section aria-label="Community pledge" className="mb-5">
          <h2 className="mb-3 text-lg">Community pledge</h2>
          <div className="rounded-2xl border border-line px-5 py-4">
            <DocumentText name="pledge" isInside />
          </div>
          <CrisisLines className="mt-3" />
        </section>
      )}
      <ul className="grid gap-1">
        {asked.map(({ says, documents }) => (
          <li key={says}>
            <Tick
              isTicked={ticked.includes(says)}
              onTick={(isOn) => setTicked(isOn ? [...ticked, says] : ticked.filter((one) => one !== says))}
            >
              {says} <Read missing={missing.filter(({ document }) => documents.includes(document))} />
            </Tick>
          </li>
        ))}
        {asksNews && (
          <li className="mt-2 border-t border-line pt-2">
            <Tick isTicked={wantsNews} onTick={setWantsNews}>
              Send me news and offers by text message, a few times a year. You are free not to.
            </Tick>
          </li>
        )}
      </ul>
      {agree.error && (
        <p role="alert" className="mt-3 font-medium text-danger">
          {sentenceOf(agree.error)}
        </p>
      )}
      <Button type="submit" className="mt-5 w-full sm:w-auto" isBusy={agree.isPending} disabled={!isWhole}>
        Agree and continue
      </Button>
    </form>
  )
}

function Tick(props: { isTicked: boolean; onTick: (isOn: boolean) => void; children: React.ReactNode }) {
  return (
    <label className="flex min-h-11 cursor-pointer items-start gap-3 py-2">
      <input
        type="checkbox"
        checked={props.isTicked}
        onChange={(event) => props.onTick(event.target.checked)}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <span>{props.children}</span>
    </label>
  )
}

function Read({ missing }: { missing: Missing[] }) {
  return missing.map(({ document, title }, index) => (
    <span key={document}>
      {index > 0 && ' and '}
      <Link to={`/legal/${document}`} target="_blank" className="underline underline-offset-2">
        {title}
      </Link>
    </span>
  ))
}
