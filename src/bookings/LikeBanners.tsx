import { useMutation, useQuery } from '@tanstack/react-query'
import { Heart, Sparkles, X } from 'lucide-react'
import { api } from '../api/api.ts'
import type { Like } from '../../server/journey/hosts/likes-view.ts'
import { firstName } from '../words/format.ts'
import { likesQuery, queryClient } from '../api/queries.ts'
import { sayProblem } from '../ui/toasts.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, ButtonLink } from '../ui/Button.tsx'

/** "Host liked you" and "It's a match", live. */
export function LikeBanners() {
  const { data: likes } = useQuery(likesQuery)
  const fresh = likes?.filter((like) => !like.isSeen) ?? []
  return (
    <div aria-live="polite" className={fresh.length > 0 ? 'mb-9 grid gap-3' : ''}>
      {fresh.map((like) => (
        <LikeBanner key={`${like.host.id}-${like.isMutual}`} like={like} />
      ))}
    </div>
  )
}

function LikeBanner({ like }: { like: Like }) {
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['likes'] })
  const seen = useMutation({ mutationFn: api.likesSeen, onSettled: refresh, onError: sayProblem })
  const likeBack = useMutation({
    mutationFn: () => api.likeHost(like.host.id),
    onSettled: refresh,
    onError: sayProblem,
  })
  const name = firstName(like.host.fullName)
  const Icon = like.isMutual ? Sparkles : Heart
  return (
    <div
      className="rise relative rounded-card bg-accent-soft p-5 pr-14 text-accent-on-soft sm:flex
        sm:items-center sm:gap-5
        sm:pr-16"
    >
      <div className="flex flex-1 items-center gap-4">
        <Avatar fullName={like.host.fullName} photoUrl={like.host.photoUrl} className="ring-2 ring-surface" />
        <div className="min-w-0">
          <p className="flex items-center gap-2 text-lg leading-snug font-semibold">
            <Icon className="size-4.5 shrink-0" aria-hidden="true" />{' '}
            {like.isMutual ? "It's a match" : 'Host liked you'}
          </p>
          <p className="leading-snug">
            {like.isMutual
              ? `You and ${like.host.fullName} like each other.`
              : `${like.host.fullName} enjoyed meeting you.`}
          </p>
        </div>
      </div>
      <div className="mt-4 flex flex-wrap gap-2.5 sm:mt-0">
        <ButtonLink to={`/plans?host=${like.host.id}`} size="small">
          Book {name}
        </ButtonLink>
        {!like.isMutual && (
          <Button kind="secondary" size="small" isBusy={likeBack.isPending} onClick={() => likeBack.mutate()}>
            <Heart aria-hidden="true" /> Like {name}
          </Button>
        )}
      </div>
      <button
        type="button"
        aria-label="Dismiss"
        disabled={seen.isPending}
        onClick={() => seen.mutate()}
        className="absolute top-2 right-2 grid size-11 place-items-center rounded-full hover:bg-surface/50"
      >
        <X className="size-5" aria-hidden="true" />
      </button>
    </div>
  )
}
