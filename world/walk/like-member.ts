import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { Likes } from '../../server/journey/hosts/likes-view.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import { expect } from '../checklist.ts'
import { type Person, waitFor } from '../person.ts'
import type { Walk } from './walk.ts'

const phase = 'Automations'

export async function likeMember(
  { check, member }: Walk,
  { host, hostPerson }: { host: Host; hostPerson: Person },
  topics: string[],
): Promise<void> {
  await check(phase, "a host's like shows on the member's dashboard without a reload", async () => {
    topics.length = 0
    const { members } = await hostPerson.ask<HostDashboard>('GET', '/api/host')
    const me = await member.ask<Me>('GET', '/api/me')
    expect(
      members.some((one) => one.id === me.member?.id),
      'the host does not see the member they met',
    )
    await hostPerson.ask('POST', `/api/host/members/${me.member?.id}/like`)
    await waitFor('the live update', async () => topics.includes('likes'))
    const { likes } = await member.ask<Likes>('GET', '/api/likes')
    expect(likes[0]?.host.id === host.id, 'the like is not on the dashboard')
    return { banner: `${likes[0]?.host.fullName} liked you`, liveTopic: 'likes' }
  })
}
