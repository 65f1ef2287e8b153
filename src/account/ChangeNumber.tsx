// Another mobile number: a code to the old one and one to the new.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { readMobileNumber } from '../../server/lib/phone-number.ts'
import { api } from '../api/api.ts'
import { meQuery, queryClient, signInsQuery } from '../api/queries.ts'
import { ApiProblem } from '../api/request.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { selectClass, TextField } from '../ui/TextField.tsx'
import { say, sentenceOf } from '../ui/toasts.ts'
import { countries, readable } from '../words/phone-number.ts'
import { CodeField } from './CodeField.tsx'

export function ChangeNumber({ oldNumber, onClose }: { oldNumber: string; onClose: () => void }) {
  const [wanted, setWanted] = useState<string>()
  return (
    <Sheet title="Change your number" onClose={onClose}>
      {wanted ? (
        <BothCodes
          oldNumber={oldNumber}
          newNumber={wanted}
          onDone={onClose}
          onBack={() => setWanted(undefined)}
        />
      ) : (
        <NewNumber onSent={setWanted} />
      )}
    </Sheet>
  )
}

function NewNumber({ onSent }: { onSent: (number: string) => void }) {
  const [countryCode, setCountryCode] = useState('AU')
  const [text, setText] = useState('')
  const [isUnreadable, setUnreadable] = useState(false)
  const country = countries.find((one) => one.code === countryCode) ?? countries[0]!
  const send = useMutation({
    mutationFn: async (number: string) => {
      await api.startNumberChange(number)
      return number
    },
    onSuccess: onSent,
  })
  const problem = isUnreadable
    ? `Please check the number. In ${country.name} it looks like ${country.example}.`
    : send.error
      ? sentenceOf(send.error)
      : undefined
  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        const number = readMobileNumber(text, country.code)
        if (number) send.mutate(number)
        else setUnreadable(true)
      }}
    >
      <p className="text-ink-soft">
        We text a code to your old number and one to the new one. You need both phones, or both numbers in
        one.
      </p>
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
        label="New mobile number"
        name="new-phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        value={text}
        onText={(typed) => {
          setText(typed)
          setUnreadable(false)
          if (send.isError) send.reset()
        }}
        placeholder={country.example}
        problem={problem}
      />
      <Button type="submit" isBusy={send.isPending} disabled={text.trim() === ''}>
        Text both codes
      </Button>
    </form>
  )
}

type CodesProps = { oldNumber: string; newNumber: string; onDone: () => void; onBack: () => void }

function BothCodes({ oldNumber, newNumber, onDone, onBack }: CodesProps) {
  const [oldCode, setOldCode] = useState('')
  const [newCode, setNewCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => api.confirmNumberChange({ oldCode, newCode }),
    async onSuccess() {
      await Promise.all([queryClient.refetchQueries(meQuery), queryClient.refetchQueries(signInsQuery)])
      say('Your number is changed')
      onDone()
    },
  })
  const isOldWrong = confirm.error instanceof ApiProblem && confirm.error.code === 'wrong_old_code'
  const said = confirm.error ? sentenceOf(confirm.error) : undefined
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        confirm.mutate()
      }}
    >
      <CodeField
        label={`Code sent to ${readable(oldNumber)}`}
        value={oldCode}
        onCode={setOldCode}
        problem={isOldWrong ? said : undefined}
      />
      <CodeField
        label={`Code sent to ${readable(newNumber)}`}
        value={newCode}
        onCode={setNewCode}
        problem={isOldWrong ? undefined : said}
      />
      <Button type="submit" isBusy={confirm.isPending} disabled={oldCode.length < 6 || newCode.length < 6}>
        Change my number
      </Button>
      <Button kind="quiet" onClick={onBack}>
        Another number
      </Button>
    </form>
  )
}
