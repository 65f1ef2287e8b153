// Answers, whom to call now, and a way to write to us, open to everybody.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { HelpPrompts } from '../account/HelpPrompts.tsx'
import { api } from '../api/api.ts'
import { settingsQuery, useMe } from '../api/queries.ts'
import { CrisisLines } from '../safety/CrisisLines.tsx'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Page, Section } from '../ui/Page.tsx'
import { fieldClass, TextField } from '../ui/TextField.tsx'
import { sentenceOf } from '../ui/toasts.ts'
import { readable } from '../words/phone-number.ts'

export default function HelpPage() {
  const { data: settings } = useQuery(settingsQuery)
  return (
    <Page
      title="Help"
      width="narrow"
      lead="Something not right with a person? Report them from the session itself."
    >
      <CrisisLines className="mb-8" />
      <HelpPrompts />
      <Section title="Write to us">
        <Card className="p-6">
          <ContactForm />
          {settings && (
            <p className="mt-5 text-[0.9375rem] text-ink-faint">
              Or by e-mail:{' '}
              <a href={`mailto:${settings.contactEmail}`} className="underline underline-offset-2">
                {settings.contactEmail}
              </a>
            </p>
          )}
        </Card>
      </Section>
    </Page>
  )
}

function ContactForm() {
  const { data: me } = useMe()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState<string>()
  const replyTo = asked ?? me?.member?.email ?? (me ? readable(me.mobileNumber) : '')
  const send = useMutation({ mutationFn: () => api.contact(text.trim(), replyTo.trim()) })
  if (send.isSuccess)
    return (
      <p role="status">
        Thank you. A person reads it and answers at <strong>{replyTo}</strong>.
      </p>
    )
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate()
      }}
    >
      <div>
        <label htmlFor="contact" className="mb-2 block font-semibold">
          What is it about?
        </label>
        <textarea
          id="contact"
          rows={5}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`${fieldClass} resize-y py-3`}
        />
      </div>
      <TextField
        label="Where can we answer?"
        hint="An e-mail address or a mobile number."
        value={replyTo}
        onText={setAsked}
        maxLength={200}
        problem={send.error ? sentenceOf(send.error) : undefined}
      />
      <Button
        type="submit"
        isBusy={send.isPending}
        disabled={text.trim() === '' || replyTo.trim().length < 5}
      >
        Send
      </Button>
    </form>
  )
}
