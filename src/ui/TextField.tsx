import { Field } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'

export const fieldClass = `w-full min-h-13 rounded-control border border-line-strong/60 bg-surface px-4 text-[1.0625rem] text-ink
  transition-colors hover:border-line-strong focus:border-accent focus:outline-2 focus:outline-offset-0
  focus:outline-accent data-invalid:border-danger
  disabled:bg-sunken disabled:text-ink-faint`

/** A select beside such fields. */
export const selectClass = `${fieldClass} appearance-none bg-[image:var(--chevron)] bg-[length:1.1rem]
  bg-[position:right_1rem_center] bg-no-repeat pr-11`

type Props = Omit<ComponentProps<'input'>, 'ref' | 'value' | 'defaultValue'> & {
  label: ReactNode
  hint?: ReactNode
  problem?: string | undefined
  value: string
  onText: (text: string) => void
}

/** A labelled input with its hint and its problem, connected for screen readers. */
export function TextField({ label, hint, problem, onText, className = '', ...input }: Props) {
  return (
    <Field.Root invalid={Boolean(problem)} className="flex flex-col gap-1.5">
      <Field.Label className="font-semibold">{label}</Field.Label>
      <Field.Control {...input} onValueChange={onText} className={`${fieldClass} ${className}`} />
      {hint && !problem && (
        <Field.Description className="text-[0.9375rem] text-ink-faint">{hint}</Field.Description>
      )}
      <div role="alert">
        {problem && <p className="text-[0.9375rem] font-medium text-danger">{problem}</p>}
      </div>
    </Field.Root>
  )
}
