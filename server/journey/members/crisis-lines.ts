// Whom somebody in need can call now, by country. Nobody has called or looked up these numbers yet: check each
// with its service before the launch, and again before each release.

export type CrisisLine = { country: string; countryName: string; name: string; number: string }

export const crisisLines: readonly CrisisLine[] = [
  { country: 'AU', countryName: 'Australia', name: 'Lifeline', number: '13 11 14' },
  { country: 'NZ', countryName: 'New Zealand', name: 'Need to talk?', number: '1737' },
  { country: 'GB', countryName: 'United Kingdom', name: 'Samaritans', number: '116 123' },
  { country: 'IE', countryName: 'Ireland', name: 'Samaritans Ireland', number: '116 123' },
  { country: 'US', countryName: 'United States', name: '988 Suicide & Crisis Lifeline', number: '988' },
  { country: 'CA', countryName: 'Canada', name: '9-8-8 Suicide Crisis Helpline', number: '988' },
  { country: 'IN', countryName: 'India', name: 'Tele-MANAS', number: '14416' },
  { country: 'SG', countryName: 'Singapore', name: 'Samaritans of Singapore', number: '1767' },
  { country: 'ZA', countryName: 'South Africa', name: 'SADAG', number: '0800 567 567' },
  { country: 'DE', countryName: 'Germany', name: 'TelefonSeelsorge', number: '0800 111 0 111' },
  { country: 'FR', countryName: 'France', name: '3114', number: '3114' },
  { country: 'ES', countryName: 'Spain', name: 'Línea 024', number: '024' },
  { country: 'NL', countryName: 'Netherlands', name: '113 Zelfmoordpreventie', number: '0800 0113' },
  { country: 'BR', countryName: 'Brazil', name: 'CVV', number: '188' },
]

const emergencyNumbers: Record<string, string> = {
  AU: '000',
  NZ: '111',
  GB: '999',
  US: '911',
  CA: '911',
  SG: '995',
  BR: '192',
}

/** 112 works in the European Union and from most mobile phones elsewhere. */
export function emergencyNumber(country: string | undefined): string {
  return emergencyNumbers[country ?? ''] ?? '112'
}

const zones: [RegExp, string][] = [
  [/^Australia\//, 'AU'],
  [/^(Pacific\/(Auckland|Chatham)|NZ)/, 'NZ'],
  [/^(Europe\/(London|Belfast)|GB)/, 'GB'],
  [/^Europe\/Dublin/, 'IE'],
  [/^America\/(Toronto|Vancouver|Edmonton|Winnipeg|Halifax|St_Johns|Regina|Montreal)/, 'CA'],
  [/^America\/(Sao_Paulo|Bahia|Fortaleza|Recife|Manaus|Belem)/, 'BR'],
  [
    /^(US\/|America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana)|Pacific\/Honolulu)/,
    'US',
  ],
  [/^Asia\/(Kolkata|Calcutta)/, 'IN'],
  [/^Asia\/Singapore/, 'SG'],
  [/^Africa\/Johannesburg/, 'ZA'],
  [/^Europe\/(Berlin|Busingen)/, 'DE'],
  [/^Europe\/Paris/, 'FR'],
  [/^(Europe\/Madrid|Atlantic\/Canary|Africa\/Ceuta)/, 'ES'],
  [/^Europe\/Amsterdam/, 'NL'],
]

/** The country whose clock somebody lives by; undefined where it is none of these. */
export function countryOfZone(timeZone: string): string | undefined {
  return zones.find(([pattern]) => pattern.test(timeZone))?.[1]
}
