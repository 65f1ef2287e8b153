import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { readMobileNumber } from '../../server/lib/phone-number.ts'
import { countries } from '../words/phone-number.ts'
import { Button } from './Button.tsx'
import { selectClass, TextField } from './TextField.tsx'

type Props = {
  label: string
  hint?: string
  button: string
  autoFocus?: boolean
  /** Sends what belongs to this number, such as a code. */
  send: (number: string) => Promise<unknown>
  onSent: (number: string) => void
  /** The sentence for a refusal of `send`. */
  problemOf: (error: unknown) => string
  /** Above the fields. */
  children?: ReactNode
}

/** A mobile number with its country. What is no mobile number is said before anything is sent. */
export function NumberForm({ label, hint, button, autoFocus, send, onSent, problemOf, children }: Props) {
  const [countryCode, setCountryCode] = useState('AU')
  const [text, setText] = useState('')
  const [unreadable, setUnreadable] = useState<'number' | 'landline'>()
  const country = countries.find((one) => one.code === countryCode) ?? countries[0]!
  const sending = useMutation({
    mutationFn: async (number: string) => {
      await send(number)
      return number
    },
    onSuccess: onSent,
  })
  const example = country.example.replaceAll(' ', '\u00a0')
  const problem = unreadable
    ? unreadable === 'landline'
      ? `That is a landline, which can't get our text. Please give a mobile number, like ${example}.`
      : `Please check the number. In ${country.name} it looks like ${example}.`
    : sending.error
      ? problemOf(sending.error)
      : undefined
  async function submit() {
    const number = readMobileNumber(text, country.code)
    if (number) return sending.mutate(number)
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
      {children}
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
        label={label}
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        {...(autoFocus ? { autoFocus } : {})}
        value={text}
        onText={(typed) => {
          setText(typed)
          setUnreadable(undefined)
          if (sending.isError) sending.reset()
        }}
        placeholder={country.example}
        {...(hint ? { hint } : {})}
        problem={problem}
      />
      <Button type="submit" isBusy={sending.isPending} disabled={text.trim() === ''}>
        {button}
      </Button>
    </form>
  )
}
