import type { Host, HostPage } from '../../server/journey/hosts/host-view.ts'
import type { Plans } from '../../server/journey/plans/plan-view.ts'
import { expect } from '../checklist.ts'
import { baseOf } from '../outside.ts'
import type { Walk } from './walk.ts'

const phase = 'Phase 1, host selection'

/** Selects a host who is booked through Cal.com. */
export async function selectHost({
  world,
  check,
  member,
}: Walk): Promise<{ host: Host; hostNumber: string }> {
  const base = baseOf(world)
  const { host, hostNumber } = await check(phase, 'active hosts load from Airtable', async () => {
    await member.signIn()
    await member.ask('PATCH', '/api/me', { fullName: 'Sam Rivers', timeZone: 'Australia/Melbourne' })
    await member.consent()
    const rows = await base('Hosts').select().all()
    const active = rows.filter(
      ({ fields }) => fields['Status'] === 'Active' && fields['Verification Status'] === 'Verified',
    )
    const { hosts } = await member.ask<HostPage>('GET', '/api/hosts?limit=100')
    const names = hosts.map((one) => one.fullName).sort()
    const wanted = active.map(({ fields }) => String(fields['Full Name'])).sort()
    expect(
      JSON.stringify(names) === JSON.stringify(wanted),
      `expected ${wanted.join(', ')}; the page has ${names.join(', ')}`,
    )
    const row = active.find(({ fields }) => String(fields['Cal Link'] ?? '').includes('cal.com/'))
    expect(row !== undefined, 'no active host has a Cal.com link')
    const found = hosts.find((one) => one.fullName === row.fields['Full Name'])!
    return {
      airtable: rows.length,
      shown: hosts.length,
      host: found,
      hostNumber: String(row.fields['Mobile Number']),
    }
  })
  await check(phase, 'search works', async () => {
    const q = host.fullName.split(' ')[0]!.slice(0, 4).toUpperCase()
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?q=${encodeURIComponent(q)}`)
    expect(
      hosts.some((one) => one.id === host.id),
      `searching "${q}" does not find ${host.fullName}`,
    )
    const none = await member.ask<HostPage>('GET', '/api/hosts?q=nobodyiscalledthis')
    expect(none.hosts.length === 0, 'searching nonsense finds somebody')
    return { q, found: hosts.map((one) => one.fullName) }
  })
  await check(phase, 'tag filters work', async () => {
    const tag = host.tags[0]!
    const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?tags=${tag}&limit=100`)
    expect(
      hosts.some((one) => one.id === host.id) && hosts.every((one) => one.tags.includes(tag)),
      `the filter ${tag} lets others through`,
    )
    return { tag, found: hosts.map((one) => one.fullName) }
  })
  await check(phase, 'a card leads to /plans', async () => {
    const page = await member.fetch(`/plans?host=${host.id}`)
    expect(page.ok && (await page.text()).includes('<div id="root"'), `/plans answers ${page.status}`)
    const shown = await member.ask<Host>('GET', `/api/hosts/${host.id}`)
    const { plans } = await member.ask<Plans>('GET', '/api/plans')
    return {
      host: shown.fullName,
      plans: plans.map((plan) => `${plan.plan} ${(plan.priceCents / 100).toFixed(2)}`),
    }
  })
  return { host, hostNumber }
}
