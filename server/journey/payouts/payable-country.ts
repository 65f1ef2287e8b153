// Which hosts' countries Stripe pays from a platform's (https://docs.stripe.com/connect/cross-border-payouts).

/** Between these it pays across borders by itself: US, UK, EEA, Canada and Switzerland. */
const connected = new Set(
  'US GB CA CH AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE'.split(
    ' ',
  ),
)

/** Whether a platform of one country can pay a host of another. True where either is not known. */
export function isPayableCountry(platform: string | null, host: string | undefined): boolean {
  if (platform === null || platform === '' || host === undefined || platform === host) return true
  return connected.has(platform) && connected.has(host)
}
