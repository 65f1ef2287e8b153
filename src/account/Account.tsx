import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { visibleText } from '../../server/lib/visible-text.ts'
import { api } from '../api/api.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import { CalendarFeed } from '../ui/CalendarFeed.tsx'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { MyConsents } from '../legal/MyConsents.tsx'
import { ChangeNumber } from './ChangeNumber.tsx'
import { HelpPrompts } from './HelpPrompts.tsx'
import { NewHostNumber } from './NewHostNumber.tsx'
import { SignIns } from './SignIns.tsx'
import { TextMessages } from './TextMessages.tsx'
import { YourData } from './YourData.tsx'
import { Page } from '../ui/Page.tsx'
import { ReceivedRatings } from '../ratings/ReceivedRatings.tsx'
import { TextField } from '../ui/TextField.tsx'
import { ZonePicker } from '../ui/ZonePicker.tsx'
import { readable } from '../words/phone-number.ts'
import { meQuery, queryClient, useMe } from '../api/queries.ts'
import { say, sayProblem, sentenceOf } from '../ui/toasts.ts'

export default function Account() {
  const { data: me } = useMe()
  const navigate = useNavigate()
  const [isChangingNumber, setChangingNumber] = useState(false)
  const leave = {
    onSuccess() {
      void navigate('/')
      queryClient.clear()
      queryClient.setQueryData(meQuery.queryKey, null)
    },
    onError: sayProblem,
  }
  const signOut = useMutation({ mutationFn: api.signOut, ...leave })
  const signOutEverywhere = useMutation({ mutationFn: api.signOutEverywhere, ...leave })
  if (!me) return null
  return (
    <Page title="Account" width="narrow">
      {me.hostingOpensAt && <NewHostNumber opensAt={me.hostingOpensAt} />}
      <Card className="p-6 sm:p-8">
        {me.member ? (
          <MemberFields member={me.member} />
        ) : (
          <p className="text-lg font-semibold">
            {me.host?.fullName ?? (me.isOperator ? 'Operator' : 'Your number')}
          </p>
        )}
        <dl className="mt-7 grid gap-4 border-t border-line pt-6">
          <div>
            <dt className="font-semibold">Mobile number</dt>
            <dd className="flex flex-wrap items-center justify-between gap-3">
              <span className="tabular text-ink-soft">{readable(me.mobileNumber)}</span>
              {(me.member || me.host) && !me.isOperator && (
                <Button kind="secondary" size="small" onClick={() => setChangingNumber(true)}>
                  Change number
                </Button>
              )}
            </dd>
          </div>
          {me.member && (
            <div>
              <dt className="font-semibold">Time zone</dt>
              <dd className="mt-1">
                <ZonePicker />
              </dd>
            </div>
          )}
        </dl>
      </Card>
      {me.member && <ReceivedRatings as="member" />}
      {(me.member || me.host) && <MyConsents />}
      {(me.member || me.host) && <TextMessages />}
      {me.member && <CalendarFeed />}
      <SignIns>
        <Button kind="secondary" isBusy={signOut.isPending} onClick={() => signOut.mutate()}>
          <LogOut aria-hidden="true" /> Sign out
        </Button>
        <Button kind="quiet" isBusy={signOutEverywhere.isPending} onClick={() => signOutEverywhere.mutate()}>
          Sign out everywhere
        </Button>
      </SignIns>
      {(me.member || me.host) && <YourData />}
      {isChangingNumber && (
        <ChangeNumber oldNumber={me.mobileNumber} onClose={() => setChangingNumber(false)} />
      )}
      <div className="mt-11">
        <HelpPrompts />
      </div>
    </Page>
  )
}

function MemberFields({ member }: { member: NonNullable<Me['member']> }) {
  const [fullName, setFullName] = useState(member.fullName)
  const [email, setEmail] = useState(member.email ?? '')
  const save = useMutation({
    mutationFn: () =>
      api.updateMe({
        fullName: visibleText(fullName),
        ...(email.trim() === '' ? {} : { email: email.trim() }),
      }),
    async onSuccess() {
      await queryClient.refetchQueries(meQuery)
      say('Saved')
    },
  })
  const isChanged = fullName.trim() !== member.fullName || email.trim() !== (member.email ?? '')
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <TextField
        label="Your name"
        name="name"
        autoComplete="name"
        maxLength={80}
        value={fullName}
        onText={setFullName}
        hint="Your host sees and uses the first one only."
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        value={email}
        onText={setEmail}
        hint="Optional, for receipts."
        problem={save.error ? sentenceOf(save.error) : undefined}
      />
      {isChanged && (
        <Button type="submit" isBusy={save.isPending} disabled={!/\p{L}/u.test(visibleText(fullName))}>
          Save
        </Button>
      )}
    </form>
  )
}
