import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import type { Metadata } from '../wire/metadata.ts'

export type Account = ReturnType<typeof newAccount>
export const accounts = collection<Account>({
  object: 'account',
  prefix: 'acct',
})
type CapabilityStatus = 'active' | 'inactive' | 'pending'
export type BusinessType = 'company' | 'government_entity' | 'individual' | 'non_profit'

/** What Stripe asks of an individual in Australia before it pays them. */
const asked = [
  'business_profile.url',
  'external_account',
  'individual.address.city',
  'individual.address.line1',
  'individual.address.postal_code',
  'individual.address.state',
  'individual.dob.day',
  'individual.dob.month',
  'individual.dob.year',
  'individual.email',
  'individual.first_name',
  'individual.last_name',
  'individual.phone',
  'tos_acceptance.date',
  'tos_acceptance.ip',
]

/** Requirements before (`isComplete` false) and after onboarding. */
export const requirements = (isComplete: boolean) => ({
  alternatives: [],
  current_deadline: unset<number>(),
  currently_due: isComplete ? [] : asked,
  disabled_reason: isComplete ? null : ('requirements.past_due' as const),
  errors: [],
  eventually_due: isComplete ? [] : asked,
  past_due: isComplete ? [] : asked,
  pending_verification: [] as string[],
})

/** A new connected account, which cannot receive money yet. */
export function newAccount(ctx: SandboxContext, type: 'express' | 'custom' | 'standard') {
  const id = newId('acct', 16)
  return {
    id,
    object: 'account' as const,
    business_profile: {
      mcc: unset<string>(),
      minority_owned_business_designation: unset<never>(),
      name: unset<string>(),
      product_description: unset<string>(),
      specified_commercial_transactions_act_url: unset<string>(),
      support_address: unset<never>(),
      support_email: unset<string>(),
      support_phone: unset<string>(),
      support_url: unset<string>(),
      url: unset<string>(),
    },
    business_type: unset<BusinessType>(),
    capabilities: {} as { transfers?: CapabilityStatus; card_payments?: CapabilityStatus },
    charges_enabled: false,
    controller: {
      type: 'application' as const,
      is_controller: true,
      fees: { payer: type === 'standard' ? 'account' : 'application_express' },
      losses: { payments: type === 'standard' ? 'stripe' : 'application' },
      requirement_collection: type === 'custom' ? 'application' : 'stripe',
      stripe_dashboard: { type: type === 'standard' ? 'full' : type === 'express' ? 'express' : 'none' },
    },
    country: 'AU',
    created: ctx.clock.seconds(),
    default_currency: 'aud',
    details_submitted: false,
    email: unset<string>(),
    external_accounts: {
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    future_requirements: { ...requirements(true) },
    metadata: {} as Metadata,
    payouts_enabled: false,
    requirements: requirements(false),
    settings: {
      bacs_debit_payments: { display_name: null, service_user_number: null },
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_issuing: { tos_acceptance: { date: null, ip: null } },
      card_payments: {
        decline_on: { avs_failure: false, cvc_failure: false },
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: null, timezone: 'Australia/Sydney' },
      invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
      payments: {
        statement_descriptor: null,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      payouts: {
        debit_negative_balances: true,
        schedule: { delay_days: 2, interval: 'daily' },
        statement_descriptor: null,
      },
      sepa_debit_payments: {},
    },
    tos_acceptance: { date: unset<number>(), ip: unset<string>(), user_agent: unset<string>() },
    type,
  }
}
