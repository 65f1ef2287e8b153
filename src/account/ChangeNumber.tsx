// Another mobile number: a code to the old one and one to the new.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { meQuery, queryClient, signInsQuery } from '../api/queries.ts'
import { ApiProblem } from '../api/request.ts'
import { Button } from '../ui/Button.tsx'
import { NumberForm } from '../ui/NumberForm.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { say, sentenceOf } from '../ui/toasts.ts'
import { readable } from '../words/phone-number.ts'
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
  return (
    <NumberForm
      label="New mobile number"
      button="Text both codes"
      send={api.startNumberChange}
      onSent={onSent}
      problemOf={sentenceOf}
    >
      <p className="text-ink-soft">
        We text a code to your old number and one to the new one. You need both phones, or both numbers in
        one.
      </p>
    </NumberForm>
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
