// Domains on which wallets may be shown: https://docs.stripe.com/api/payment_method_domains
import type { SandboxContext } from '../../core/provider.ts'
import { collection, save } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { listing } from '../wire/listing.ts'
import { operation } from '../wire/operation.ts'
import { boolean, required, text } from '../wire/params.ts'

const wallet = () => ({ status: 'active' as 'active' | 'inactive' })

function newDomain(ctx: SandboxContext, domainName: string) {
  return {
    id: newId('pmd', 24),
    object: 'payment_method_domain' as const,
    amazon_pay: wallet(),
    apple_pay: wallet(),
    created: ctx.clock.seconds(),
    domain_name: domainName,
    enabled: true,
    google_pay: wallet(),
    klarna: wallet(),
    link: wallet(),
    livemode: false,
    paypal: wallet(),
  }
}

export const paymentMethodDomains = collection<ReturnType<typeof newDomain>>({
  object: 'payment_method_domain',
  prefix: 'pmd',
})

export const paymentMethodDomainOperations = [
  operation({
    name: 'payment_method_domains.create',
    method: 'POST',
    path: '/v1/payment_method_domains',
    params: { domain_name: required(text), enabled: boolean },
    act: ({ ctx, params }) =>
      paymentMethodDomains.all(ctx).find((one) => one.domain_name === params.domain_name) ??
      save(ctx, newDomain(ctx, params.domain_name)),
  }),
  listing({
    name: 'payment_method_domains.list',
    path: '/v1/payment_method_domains',
    of: paymentMethodDomains,
    filters: { domain_name: text, enabled: boolean },
    matches: (one, { domain_name, enabled }) =>
      (domain_name === undefined || one.domain_name === domain_name) &&
      (enabled === undefined || one.enabled === enabled),
  }),
]
