import { Check } from 'lucide-react'
import { personalityTags } from '../../server/journey/hosts/personality-tags.ts'

type Props = { chosen: string[]; onChange: (tags: string[]) => void }

export function TagFilter({ chosen, onChange }: Props) {
  return (
    <div
      role="group"
      aria-label="Filter by personality"
      className="-mx-5 flex gap-2 overflow-x-auto px-5 py-1 [scrollbar-width:none] sm:mx-0 sm:flex-wrap
        sm:px-0"
    >
      {personalityTags.map((tag) => {
        const isOn = chosen.includes(tag)
        return (
          <button
            key={tag}
            type="button"
            aria-pressed={isOn}
            onClick={() => onChange(isOn ? chosen.filter((one) => one !== tag) : [...chosen, tag])}
            className={`inline-flex min-h-11 shrink-0 items-center gap-1.5 rounded-full border px-4 text-[0.9375rem] font-medium transition-colors ${
              isOn
                ? 'border-accent bg-accent-soft text-accent-on-soft'
                : 'border-line-strong/50 bg-surface text-ink-soft hover:border-line-strong hover:text-ink'
            }`}
          >
            {isOn && <Check className="size-4" aria-hidden="true" />}
            {tag}
          </button>
        )
      })}
    </div>
  )
}
