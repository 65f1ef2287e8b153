import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import { readMobileNumber } from '../../server/lib/phone-number.ts'
import { countries } from '../words/phone-number.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { selectClass, TextField } from '../ui/TextField.tsx'

function sendProblem(error: unknown): string {
  if (error instanceof ApiProblem && error.code.includes('too_many')) {
    return "We've sent several codes to this number already. Please wait ten minutes before asking again."
  }
  if (error instanceof ApiProblem && error.code === 'number_is_landline')
    return "That is a landline, which can't get our text. Please give a mobile number."
  if (error instanceof ApiProblem && error.status === 429)
    return 'Many people are signing in from where you are. Please wait a minute and try again.'
  if (error instanceof ApiProblem && error.code.includes('invalid'))
    return "That doesn't look like a mobile number. Please check it."
  return sentenceOf(error)
}

export function PhoneStep({ onSent }: { onSent: (phoneNumber: string) => void }) {
  const [countryCode, setCountryCode] = useState('AU')
  const [text, setText] = useState('')
  const [unreadable, setUnreadable] = useState<'number' | 'landline'>()
  const country = countries.find((one) => one.code === countryCode) ?? countries[0]!
  const send = useMutation({
    mutationFn: async (number: string) => {
      await api.sendCode(number)
      return number
    },
    onSuccess: onSent,
  })
  const example = country.example.replaceAll(' ', '\u00a0')
  const problem = unreadable
    ? unreadable === 'landline'
      ? `That is a landline, which can't get our text. Please give a mobile number, like ${example}.`
      : `Please check the number. In ${country.name} it looks like ${example}.`
    : send.error
      ? sendProblem(send.error)
      : undefined
  async function submit() {
    const number = readMobileNumber(text, country.code)
    if (number) return send.mutate(number)
    setUnreadable('number')
    // The tables of landlines are large, so they are loaded only now.
    const { isLandline } = await import('../../server/lib/landline.ts')
    if (isLandline(text, country.code)) setUnreadable('landline')
  }
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void submit().catch(() => undefined)
      }}
    >
      <label className="flex flex-col gap-1.5">
        <span className="font-semibold">Country</span>
        <select
          value={countryCode}
          autoComplete="country"
          onChange={(event) => setCountryCode(event.target.value)}
          className={selectClass}
        >
          {countries.map(({ code, name, prefix }) => (
            <option key={code} value={code}>
              {name} ({prefix})
            </option>
          ))}
        </select>
      </label>
      <TextField
        label="Mobile number"
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        autoFocus
        value={text}
        onText={(typed) => {
          setText(typed)
          setUnreadable(undefined)
          if (send.isError) send.reset()
        }}
        placeholder={country.example}
        hint="We'll text you a code. No password to remember."
        problem={problem}
      />
      <Button type="submit" isBusy={send.isPending} disabled={text.trim() === ''}>
        Text me a code
      </Button>
    </form>
  )
}
