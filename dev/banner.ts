// The screen that a person sees when everything runs.
import { seedHosts } from '../sandbox/seed/hosts.ts'
import { situations } from '../world/situations.ts'
import type { ProviderName } from './providers.ts'

export type BannerFacts = {
  url: string
  sandboxUrl: string | undefined
  standIns: ProviderName[]
  operatorMobileNumbers: string
  dataPath: string
  databasePlace: string
  seconds: number
}

/** Anybody becomes a member by signing in; these were played in (world/situations.ts). */
const [aMember, ...otherMembers] = situations

export function banner(facts: BannerFacts): string {
  const lines = ['', `  Presence runs at  ${facts.url}   (started in ${facts.seconds.toFixed(1)} s)`, '']
  if (facts.sandboxUrl && facts.standIns.includes('twilio')) {
    lines.push('  Sign in with a mobile number. The code arrives on the sandbox console, under Phones:')
    const host = seedHosts[0]!
    lines.push(`    a member     ${aMember.mobileNumber}   (${aMember.fullName}: ${aMember.situation})`)
    for (const one of otherMembers)
      lines.push(`                 ${one.mobileNumber}   (${one.fullName}: ${one.situation})`)
    lines.push('                 any other number begins as a new member')
    if (facts.standIns.includes('airtable'))
      lines.push(`    a host       ${host.mobileNumber}   (${host.fullName})`)
    lines.push(`    an operator  ${facts.operatorMobileNumbers}`, '')
  } else {
    lines.push('  Sign in with your own mobile number; the code comes by SMS.', '')
  }
  if (facts.sandboxUrl) {
    lines.push(`  Sandbox console   ${facts.sandboxUrl}   (stands in for ${facts.standIns.join(', ')})`)
  }
  lines.push(`  Data              ${facts.dataPath}   (database: ${facts.databasePlace})`)
  lines.push('  Stop with Ctrl-C. Walk the whole journey in another terminal: npm run journey', '')
  return lines.join('\n')
}
