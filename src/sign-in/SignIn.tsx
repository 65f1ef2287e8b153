import { useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import type { Me } from '../../server/journey/members/member-view.ts'
import { CodeStep } from './CodeStep.tsx'
import { Logo } from '../ui/Logo.tsx'
import { NameStep } from './NameStep.tsx'
import { usePageTitle } from '../ui/Page.tsx'
import { PhoneStep } from './PhoneStep.tsx'
import { queryClient, useMe } from '../api/queries.ts'

/** The page after signing in: a path of our own pages, never another site. */
export function safeNext(next: string | null, me: Me): string {
  if (next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in')) return next
  if (me.member) return '/'
  return me.host ? '/host' : me.isOperator ? '/ops' : '/'
}

const words = {
  phone: { title: 'Welcome', lead: 'Sign in or start with your mobile number.' },
  code: { title: 'Check your messages', lead: '' },
  name: { title: 'What should we call you?', lead: '' },
}

export default function SignIn() {
  const [parameters] = useSearchParams()
  const [phoneNumber, setPhoneNumber] = useState<string>()
  const { data: me } = useMe()
  const needsName = Boolean(me?.member && me.member.fullName === '')
  const step = needsName ? 'name' : phoneNumber ? 'code' : 'phone'
  const refresh = () => void queryClient.invalidateQueries({ queryKey: ['me'] })
  usePageTitle('Sign in')

  if (me && !needsName) return <Navigate to={safeNext(parameters.get('next'), me)} replace />
  return (
    <div className="mx-auto flex w-full max-w-md flex-col px-5 pt-10 pb-16 sm:pt-20">
      <Logo className="mb-6 size-12 text-accent" />
      <h1 className="text-[2rem]">{words[step].title}</h1>
      {words[step].lead && <p className="mt-1.5 text-lg text-ink-soft">{words[step].lead}</p>}
      <div className="mt-7">
        {step === 'phone' && <PhoneStep onSent={setPhoneNumber} />}
        {step === 'code' && phoneNumber && (
          <CodeStep
            phoneNumber={phoneNumber}
            onSignedIn={refresh}
            onChangeNumber={() => setPhoneNumber(undefined)}
          />
        )}
        {step === 'name' && <NameStep onDone={refresh} />}
      </div>
    </div>
  )
}
