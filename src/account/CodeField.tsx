// The six digits of a text message.
import { plainDigits } from '../../server/lib/plain-digits.ts'
import { TextField } from '../ui/TextField.tsx'

type Props = {
  label: string
  value: string
  onCode: (code: string) => void
  problem?: string | undefined
  hint?: string
}

export function CodeField({ label, value, onCode, problem, hint }: Props) {
  return (
    <TextField
      label={label}
      inputMode="numeric"
      autoComplete="one-time-code"
      value={value}
      onText={(text) => onCode(plainDigits(text).replace(/\D/g, '').slice(0, 6))}
      problem={problem}
      hint={hint}
      className="tabular text-center text-xl font-semibold tracking-[0.3em] indent-[0.3em]"
    />
  )
}
