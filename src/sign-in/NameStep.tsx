import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { visibleText } from '../../server/lib/visible-text.ts'
import { browserZone } from '../words/format.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'

/**
 * Asked once, after the first sign-in. Sends the browser's time zone too, so
 * that every time is right from the start.
 */
export function NameStep({ onDone }: { onDone: () => void }) {
  const [fullName, setFullName] = useState('')
  const save = useMutation({
    mutationFn: () => api.updateMe({ fullName: visibleText(fullName), timeZone: browserZone() }),
    onSuccess: onDone,
  })
  // A name that cannot be seen is none.
  const hasLetters = /\p{L}/u.test(visibleText(fullName))
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        if (hasLetters) save.mutate()
      }}
    >
      <TextField
        label="Your name"
        name="name"
        autoComplete="name"
        autoFocus
        maxLength={80}
        value={fullName}
        onText={setFullName}
        hint="This is what your host will see and call you."
        problem={save.error ? sentenceOf(save.error) : undefined}
      />
      <Button type="submit" isBusy={save.isPending} disabled={!hasLetters}>
        Continue
      </Button>
    </form>
  )
}
