// A check that meets a refusal or no answer says which, instead of ending the others.
import { ourFault } from '../../integrations/our-fault.ts'
import { ProviderError } from '../../lib/errors.ts'
import { type ConnectionLine, type ConnectionProvider, linesOf } from './connection.ts'

const titles: Record<ConnectionProvider, string> = {
  presence: 'Presence',
  stripe: 'Stripe',
  twilio: 'Twilio',
  calcom: 'Cal.com',
  daily: 'Daily',
  airtable: 'Airtable',
}

/** The lines of one look at a service, or the one line that says why there are none. */
export async function findRefusal(
  provider: ConnectionProvider,
  name: string,
  look: () => Promise<ConnectionLine | ConnectionLine[]>,
): Promise<ConnectionLine[]> {
  try {
    return [await look()].flat()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return [refusalLine(provider, name, error)]
  }
}

function refusalLine(provider: ConnectionProvider, name: string, error: ProviderError): ConnectionLine {
  const { failing } = linesOf(provider)
  const said = [error.status, error.code].filter((one) => one !== undefined).join(' ')
  const { status, code, message } = error
  const ours = ourFault({ provider, operation: name, status, code, message })
  const title = titles[provider]
  if (ours) return failing(name, ours.cause, `${title} refuses: ${said}`, ours.sentence)
  if (status === 429)
    return failing(name, 'too_many_calls', `${title} refuses: ${said}`, 'Wait a minute and look again.')
  if (status === undefined || status >= 500 || status < 400)
    return failing(
      name,
      'unreachable',
      said ? `${title} fails: ${said}` : `${title} does not answer`,
      `Look at the status page of ${title} and at the network of this machine, then look again.`,
    )
  return failing(
    name,
    `refused:${code ?? status}`,
    `${title} refuses: ${said}`,
    `Look up this code in the documentation of ${title}.`,
  )
}
