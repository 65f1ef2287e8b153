import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { helpQuery } from '../api/queries.ts'
import { Section } from '../ui/Page.tsx'

/** Questions and answers written by the operators; renders nothing where there are none. */
export function HelpPrompts() {
  const { data: prompts } = useQuery(helpQuery)
  if (!prompts || prompts.length === 0) return null
  return (
    <Section title="Help">
      <div className="grid gap-2">
        {prompts.map(({ question, answer }) => (
          <details key={question} className="group rounded-2xl border border-line bg-surface">
            <summary
              className="flex min-h-11 cursor-pointer list-none items-center justify-between gap-4
              px-5 py-3 font-semibold"
            >
              {question}
              <ChevronDown
                className="size-5 shrink-0 text-ink-faint transition-transform group-open:rotate-180"
                aria-hidden="true"
              />
            </summary>
            <p className="px-5 pb-4 text-ink-soft">{answer}</p>
          </details>
        ))}
      </div>
    </Section>
  )
}
