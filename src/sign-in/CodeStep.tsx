import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import { plainDigits } from '../../server/lib/plain-digits.ts'
import { readable } from '../words/phone-number.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { useCodeFromMessage } from './code-from-message.ts'

const resendAfterSeconds = 30

function codeProblem(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.code.includes('too_many')) return 'Too many tries. Wait ten minutes, then ask for a new code.'
    if (error.status === 429)
      return 'Many people are signing in from where you are. Please wait a minute and try again.'
    if (error.code.includes('expired') || error.code.includes('not_found'))
      return 'That code has run out. Ask for a new one below.'
    if (error.code.includes('otp') || error.code.includes('code'))
      return "That's not the code we sent. Check the message and try again."
  }
  return sentenceOf(error)
}

type Props = { phoneNumber: string; onSignedIn: () => void; onChangeNumber: () => void }

/** The six digits from the text message, checked as soon as the sixth is typed. */
export function CodeStep({ phoneNumber, onSignedIn, onChangeNumber }: Props) {
  const [code, setCode] = useState('')
  const [secondsLeft, setSecondsLeft] = useState(resendAfterSeconds)
  const input = useRef<HTMLInputElement>(null)
  const verify = useMutation({
    mutationFn: (digits: string) => api.verifyCode(phoneNumber, digits),
    onSuccess: onSignedIn,
    onError: () => {
      setCode('')
      input.current?.focus()
    },
  })
  const resend = useMutation({
    mutationFn: () => api.sendCode(phoneNumber),
    onSuccess: () => {
      setSecondsLeft(resendAfterSeconds)
      verify.reset()
      input.current?.focus()
    },
  })

  useEffect(() => {
    if (secondsLeft <= 0) return
    const timer = setTimeout(() => setSecondsLeft(secondsLeft - 1), 1000)
    return () => clearTimeout(timer)
  }, [secondsLeft])

  function typed(text: string) {
    const digits = plainDigits(text).replace(/\D/g, '').slice(0, 6)
    setCode(digits)
    if (digits.length === 6 && !verify.isPending) verify.mutate(digits)
    else if (verify.isError && digits !== '') verify.reset()
  }

  useCodeFromMessage(typed)

  const problem = resend.error ?? verify.error
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.length === 6) verify.mutate(code)
      }}
    >
      <p className="text-ink-soft">
        We sent a code to{' '}
        <strong className="font-semibold whitespace-nowrap text-ink">{readable(phoneNumber)}</strong>.{' '}
        <button
          type="button"
          onClick={onChangeNumber}
          className="-my-3 inline-flex min-h-11 items-center font-semibold text-accent underline
            decoration-1 underline-offset-4"
        >
          Change number
        </button>
      </p>
      <TextField
        label="6-digit code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        value={code}
        onText={typed}
        readOnly={verify.isPending}
        problem={problem ? codeProblem(problem) : undefined}
        className="tabular text-center text-[1.75rem] font-semibold tracking-[0.4em] indent-[0.4em]"
        {...{ ref: input }}
      />
      <Button type="submit" isBusy={verify.isPending} disabled={code.length < 6}>
        Continue
      </Button>
      <p className="text-center text-[0.9375rem] text-ink-faint">
        {secondsLeft > 0 ? (
          <>
            Didn't get it? You can ask for a new code in <span className="tabular">{secondsLeft}</span> s.
          </>
        ) : (
          <Button kind="quiet" size="small" isBusy={resend.isPending} onClick={() => resend.mutate()}>
            Send a new code
          </Button>
        )}
      </p>
      <p role="status" className="sr-only">
        {resend.isSuccess ? 'A new code is on its way.' : ''}
      </p>
    </form>
  )
}
