import { useMutation } from '@tanstack/react-query'
import { Heart } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { firstName } from '../words/format.ts'
import { queryClient } from '../api/queries.ts'
import { say, sayProblem } from '../ui/toasts.ts'

type Props = { host: { id: string; fullName: string; youLike: boolean }; className?: string }

export function LikeButton({ host, className = '' }: Props) {
  const [wish, setWish] = useState<boolean>()
  const isLiked = wish ?? host.youLike
  const change = useMutation({
    mutationFn: (like: boolean) => (like ? api.likeHost(host.id) : api.unlikeHost(host.id)),
    onMutate: setWish,
    onSuccess(answer, like) {
      if (like && answer.isMutual) say(`It's a match: you and ${firstName(host.fullName)} like each other`)
    },
    onError: sayProblem,
    async onSettled() {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['hosts'] }),
        queryClient.invalidateQueries({ queryKey: ['likes'] }),
      ])
      setWish(undefined)
    },
  })
  return (
    <button
      type="button"
      aria-pressed={isLiked}
      aria-label={`Like ${host.fullName}`}
      disabled={change.isPending}
      onClick={() => change.mutate(!isLiked)}
      className={`grid size-11 place-items-center rounded-full transition-colors hover:bg-sunken ${isLiked ? 'text-accent' : 'text-ink-faint'} ${className}`}
    >
      <Heart
        className="size-5.5"
        fill={isLiked ? 'currentColor' : 'none'}
        strokeWidth={1.9}
        aria-hidden="true"
      />
    </button>
  )
}
