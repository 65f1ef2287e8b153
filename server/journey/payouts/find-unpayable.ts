// Where Stripe cannot pay a host from the platform's country, somebody has to pay another way.
import type { Db } from '../../db/client.ts'
import { readPlatformCountry } from '../../db/service-accounts.ts'
import { countryName, findCountry } from '../hosts/find-country.ts'
import type { Place } from '../hosts/host.ts'
import { isPayableCountry } from './payable-country.ts'

/** The name of each host's country, in the same order; null where Stripe can pay there, or none is known. */
export async function findUnpayable(db: Db, hosts: Place[]): Promise<(string | null)[]> {
  const home = await readPlatformCountry(db)
  return hosts.map((host) => {
    const country = findCountry(host)
    return country && !isPayableCountry(home, country) ? countryName(country) : null
  })
}
