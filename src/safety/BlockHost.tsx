import { useMutation } from '@tanstack/react-query'
import { Ban } from 'lucide-react'
import { useNavigate } from 'react-router'
import { api } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { firstName } from '../words/format.ts'
import { buttonClass } from '../ui/Button.tsx'
import { say, sayProblem } from '../ui/toasts.ts'

/** One tap, and this host is never shown again. */
export function BlockHost({ host }: { host: { id: string; fullName: string } }) {
  const navigate = useNavigate()
  const block = useMutation({
    mutationFn: () => api.blockHost(host.id),
    async onSuccess() {
      say(`You won't see or meet ${firstName(host.fullName)} again`)
      await navigate('/host-selection', { replace: true })
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
    },
    onError: sayProblem,
  })
  return (
    <button
      type="button"
      aria-label={`Never show me ${firstName(host.fullName)} again`}
      disabled={block.isPending}
      onClick={() => block.mutate()}
      className={buttonClass('quiet', 'small', 'shrink-0 px-3')}
    >
      <Ban aria-hidden="true" /> Block
    </button>
  )
}
