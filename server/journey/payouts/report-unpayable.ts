// A host lives where Stripe cannot pay from our country: an operator pays otherwise.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { countryName } from '../hosts/find-country.ts'

export function reportUnpayable(
  tx: Tx,
  host: { id: string; fullName: string; country: string },
): Promise<void> {
  return addOperatorTask(tx, {
    key: `unpayable_host:${host.id}`,
    kind: 'setup',
    hostId: host.id,
    sentence:
      `${host.fullName} lives in ${countryName(host.country)}, where Stripe cannot pay from here. ` +
      'Pay their shares another way, and note it with each purchase under "Paid otherwise".',
  })
}
