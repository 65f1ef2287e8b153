import { api } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import { NumberForm } from '../ui/NumberForm.tsx'
import { sentenceOf } from '../ui/toasts.ts'

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
  return (
    <NumberForm
      label="Mobile number"
      hint="We'll text you a code. No password to remember."
      button="Text me a code"
      autoFocus
      send={api.sendCode}
      onSent={onSent}
      problemOf={sendProblem}
    />
  )
}
