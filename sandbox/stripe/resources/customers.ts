import type { SandboxContext } from '../../core/provider.ts'
import type { Cause } from '../wire/cause.ts'
import { collection, remove, save, unset } from '../wire/documents.ts'
import { newId, randomText } from '../wire/ids.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata, type Metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { clearable, list, object, text, type Values } from '../wire/params.ts'
import { emit } from './events.ts'

export type Customer = ReturnType<typeof newCustomer>
export const customers = collection<Customer>({
  object: 'customer',
  prefix: 'cus',
  expandable: ['default_source', 'test_clock'],
})
type AddressField = 'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state'
export type Address = Record<AddressField, string | null>

const newCustomer = (ctx: SandboxContext) => ({
  id: newId('cus', 14),
  object: 'customer' as const,
  address: unset<Address>(),
  balance: 0,
  created: ctx.clock.seconds(),
  currency: unset<string>(),
  customer_account: unset<string>(),
  default_source: unset<string>(),
  delinquent: false,
  description: unset<string>(),
  discount: unset<never>(),
  email: unset<string>(),
  invoice_prefix: randomText(8).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false as const,
  metadata: {} as Metadata,
  name: unset<string>(),
  next_invoice_sequence: 1,
  phone: unset<string>(),
  preferred_locales: [] as string[],
  shipping: unset<never>(),
  tax_exempt: 'none' as const,
  test_clock: unset<string>(),
})

const addressLine = clearable(text)
const customerParams = {
  email: clearable(text),
  name: clearable(text),
  phone: clearable(text),
  description: clearable(text),
  metadata,
  preferred_locales: list(text),
  address: object({
    city: addressLine,
    country: addressLine,
    line1: addressLine,
    line2: addressLine,
    postal_code: addressLine,
    state: addressLine,
  }),
}
const noAddress: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}

function changed(before: Customer, params: Values<typeof customerParams>): Customer {
  const { metadata: change, address, ...rest } = params
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return {
    ...before,
    ...given,
    ...(address && { address: { ...noAddress, ...address } }),
    metadata: applyMetadata(before.metadata, change),
  }
}

/** Creates a customer and emits `customer.created`. */
export function createCustomer(cause: Cause, params: Values<typeof customerParams>): Customer {
  const customer = save(cause.ctx, changed(newCustomer(cause.ctx), params))
  emit(cause, 'customer.created', customer)
  return customer
}

export const customerOperations = [
  operation({
    name: 'customers.create',
    method: 'POST',
    path: '/v1/customers',
    params: customerParams,
    act: (call) => createCustomer(call, call.params),
  }),
  operation({
    name: 'customers.retrieve',
    method: 'GET',
    path: '/v1/customers/:id',
    params: {},
    act: ({ ctx, id }) => customers.load(ctx, id),
  }),
  operation({
    name: 'customers.update',
    method: 'POST',
    path: '/v1/customers/:id',
    params: customerParams,
    act: (call) => {
      const before = customers.load(call.ctx, call.id)
      const after = save(call.ctx, changed(before, call.params))
      emit(call, 'customer.updated', after, { before })
      return after
    },
  }),
  operation({
    name: 'customers.delete',
    method: 'DELETE',
    path: '/v1/customers/:id',
    params: {},
    act: (call) => {
      const customer = customers.load(call.ctx, call.id)
      remove(call.ctx, customer)
      emit(call, 'customer.deleted', customer)
      return { id: call.id, object: 'customer', deleted: true }
    },
  }),
  listing({
    name: 'customers.list',
    path: '/v1/customers',
    of: customers,
    filters: { email: text },
    matches: (customer, { email }) => equals(customer.email, email),
  }),
]
