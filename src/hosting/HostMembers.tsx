import { useMutation } from '@tanstack/react-query'
import { Ban, Heart, UsersRound } from 'lucide-react'
import { api } from '../api/api.ts'
import type { MetMember } from '../../server/journey/payouts/host-dashboard-view.ts'
import { now } from '../words/clock.ts'
import { day, firstName, midSentence } from '../words/format.ts'
import { queryClient } from '../api/queries.ts'
import { say, sayProblem } from '../ui/toasts.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { buttonClass } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'

export function HostMembers({ members, zone }: { members: MetMember[]; zone: string }) {
  if (members.length === 0) {
    return (
      <Card>
        <Notice icon={UsersRound} title="Nobody yet">
          The members you meet appear here. Like somebody, and they'll see that you'd be glad to meet again.
        </Notice>
      </Card>
    )
  }
  return (
    <Card>
      <ul className="divide-y divide-line">
        {members.map((member) => (
          <Member key={member.id} member={member} zone={zone} />
        ))}
      </ul>
    </Card>
  )
}

function Member({ member, zone }: { member: MetMember; zone: string }) {
  const change = useMutation({
    mutationFn: () => (member.youLike ? api.unlikeMember(member.id) : api.likeMember(member.id)),
    onSuccess(answer) {
      if (answer.isMutual) say(`It's a match: you and ${firstName(member.fullName)} like each other`)
      return queryClient.invalidateQueries({ queryKey: ['host'] })
    },
    onError: sayProblem,
  })
  const block = useMutation({
    mutationFn: () => api.blockMember(member.id),
    onSuccess() {
      say(`You won't see or meet ${firstName(member.fullName)} again`)
      return queryClient.invalidateQueries({ queryKey: ['host'] })
    },
    onError: sayProblem,
  })
  const met =
    member.sessionsHeld === 0
      ? 'Not met yet'
      : `Met ${member.sessionsHeld === 1 ? 'once' : `${member.sessionsHeld} times`}`
  return (
    <li className="flex items-center gap-4 px-5 py-4 sm:px-6">
      <Avatar fullName={member.fullName} />
      <p className="min-w-0 flex-1 leading-snug">
        <span className="block font-semibold">{member.fullName}</span>
        <span className="block text-[0.9375rem] text-ink-faint">
          {met}
          {member.lastMetAt && `, last ${midSentence(day(member.lastMetAt, zone, now()))}`}
        </span>
        {member.likesYou && (
          <span className="block text-[0.9375rem] font-medium text-accent">
            {member.youLike ? "It's a match" : 'Likes you'}
          </span>
        )}
      </p>
      <button
        type="button"
        aria-pressed={member.youLike}
        aria-label={`Like ${member.fullName}`}
        disabled={change.isPending}
        onClick={() => change.mutate()}
        className={buttonClass('secondary', 'small', member.youLike ? 'text-accent!' : '')}
      >
        <Heart fill={member.youLike ? 'currentColor' : 'none'} aria-hidden="true" /> Like
      </button>
      <button
        type="button"
        aria-label={`Block ${member.fullName}`}
        disabled={block.isPending}
        onClick={() => block.mutate()}
        className={buttonClass('quiet', 'small', 'px-3')}
      >
        <Ban aria-hidden="true" /> Block
      </button>
    </li>
  )
}
