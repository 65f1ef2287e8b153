import type { SandboxContext } from '../../core/provider.ts'
import { byItself } from '../wire/cause.ts'
import { remove, save } from '../wire/documents.ts'
import { listing } from '../wire/listing.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { boolean, clearable, currency, ignored, object, oneOf, text, type Values } from '../wire/params.ts'
import { invalid, StripeRefusal } from '../wire/refusal.ts'
import { accounts, newAccount, requirements, type Account } from './account.ts'
import { emit } from './events.ts'
import { refuseAccount } from './platform.ts'

const line = clearable(text)
const requested = object({ requested: boolean })
const updateParams = {
  email: line,
  business_type: oneOf('company', 'government_entity', 'individual', 'non_profit'),
  business_profile: object({
    mcc: line,
    name: line,
    product_description: line,
    support_email: line,
    support_phone: line,
    support_url: line,
    url: line,
    support_address: ignored,
    annual_revenue: ignored,
    estimated_worker_count: ignored,
    monthly_estimated_revenue: ignored,
  }),
  capabilities: object({ transfers: requested, card_payments: requested }),
  default_currency: currency,
  metadata,
  individual: ignored,
  company: ignored,
  settings: ignored,
  tos_acceptance: ignored,
  external_account: ignored,
}
const createParams = {
  ...updateParams,
  type: oneOf('custom', 'express', 'standard'),
  country: text,
  controller: object({
    fees: object({ payer: text }),
    losses: object({ payments: text }),
    requirement_collection: text,
    stripe_dashboard: object({ type: text }),
  }),
}

/** Stripe answers the same for a foreign account and one that does not exist. */
export function loadAccount(ctx: SandboxContext, id: string): Account {
  const account = accounts.find(ctx, id)
  if (!account) {
    const key = ctx.keys['STRIPE_SECRET_KEY'] ?? ''
    const message =
      `The provided key '${key.slice(0, 8)}***${key.slice(-4)}' does not have access to account '${id}' ` +
      '(or that account does not exist). Application access may have been revoked.'
    throw new StripeRefusal(403, { type: 'invalid_request_error', code: 'account_invalid', message })
  }
  return account
}

function changed(before: Account, params: Values<typeof updateParams>): Account {
  const asked = Object.entries(params.capabilities ?? {})
    .filter(([, capability]) => capability?.requested)
    .map(([name]) => name)
  const status = before.details_submitted ? 'active' : 'inactive'
  return {
    ...before,
    email: params.email === undefined ? before.email : params.email,
    business_type: params.business_type ?? before.business_type,
    business_profile: { ...before.business_profile, ...definedOf(params.business_profile ?? {}) },
    capabilities: { ...Object.fromEntries(asked.map((name) => [name, status])), ...before.capabilities },
    metadata: applyMetadata(before.metadata, params.metadata),
  }
}

function definedOf(values: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null,
    ),
  )
}

/** Completes onboarding, so that the account can be paid; emits `account.updated` as a Connect event. */
export function completeOnboarding(ctx: SandboxContext, id: string): Account {
  return ctx.store.transaction(() => {
    const before = loadAccount(ctx, id)
    if (before.capabilities.transfers === 'active') return before
    const account = save<Account>(ctx, {
      ...before,
      business_type: before.business_type ?? 'individual',
      capabilities: {
        ...(before.capabilities.card_payments && { card_payments: 'active' as const }),
        transfers: 'active',
      },
      charges_enabled: true,
      details_submitted: true,
      payouts_enabled: true,
      requirements: requirements(true),
      tos_acceptance: { date: ctx.clock.seconds(), ip: '127.0.0.1', user_agent: null },
    })
    emit(byItself(ctx), 'account.updated', account, { before, account: id })
    return account
  })
}

/** Stripe stops paying an account, for instance until it proves who it is; `completeOnboarding` ends it. */
export function restrictAccount(ctx: SandboxContext, id: string): Account {
  return ctx.store.transaction(() => {
    const before = loadAccount(ctx, id)
    const account = save<Account>(ctx, {
      ...before,
      capabilities: { ...before.capabilities, transfers: 'inactive' },
      payouts_enabled: false,
      requirements: {
        ...requirements(true),
        currently_due: ['individual.verification.document'],
        past_due: ['individual.verification.document'],
        disabled_reason: 'requirements.past_due',
      },
    })
    emit(byItself(ctx), 'account.updated', account, { before, account: id })
    return account
  })
}

export const accountOperations = [
  operation({
    name: 'accounts.create',
    method: 'POST',
    path: '/v1/accounts',
    params: createParams,
    act: ({ ctx, params: { type, country = 'AU', controller, ...params } }) => {
      if (!/^[A-Z]{2}$/.test(country)) throw invalid(`Country '${country}' is unknown.`, 'country')
      refuseAccount(ctx, params.capabilities)
      const dashboard = controller?.stripe_dashboard?.type
      const kind =
        type ?? (dashboard === 'express' ? 'express' : dashboard === 'none' ? 'custom' : 'standard')
      return save(ctx, changed({ ...newAccount(ctx, kind), country }, params))
    },
  }),
  operation({
    name: 'accounts.retrieve',
    method: 'GET',
    path: '/v1/accounts/:id',
    params: {},
    act: ({ ctx, id }) => loadAccount(ctx, id),
  }),
  operation({
    name: 'accounts.update',
    method: 'POST',
    path: '/v1/accounts/:id',
    params: updateParams,
    act: (call) => {
      const before = loadAccount(call.ctx, call.id)
      const after = save(call.ctx, changed(before, call.params))
      emit(call, 'account.updated', after, { before, account: after.id })
      return after
    },
  }),
  operation({
    name: 'accounts.delete',
    method: 'DELETE',
    path: '/v1/accounts/:id',
    params: {},
    act: ({ ctx, id }) => {
      remove(ctx, loadAccount(ctx, id))
      return { id, object: 'account', deleted: true }
    },
  }),
  listing({ name: 'accounts.list', path: '/v1/accounts', of: accounts, filters: {}, matches: () => true }),
]
