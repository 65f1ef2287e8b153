import { describe, expect, test } from 'vitest'
import { startStripe, type StripeWorld } from '../testing/world.ts'

const returnUrl = 'http://127.0.0.1:9/return'
const refreshUrl = 'http://127.0.0.1:9/refresh'
const newAccount = ({ client }: StripeWorld) =>
  client.accounts.create({
    type: 'express',
    country: 'AU',
    email: 'ana@example.com',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    metadata: { host_id: 'h1' },
  })
const linkTo = async ({ client }: StripeWorld, account: string) =>
  (
    await client.accountLinks.create({
      account,
      type: 'account_onboarding',
      return_url: returnUrl,
      refresh_url: refreshUrl,
    })
  ).url
const open = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })
const choose = (url: string, choice: string) =>
  open(url, { method: 'POST', body: new URLSearchParams({ choice }) })

describe('connected accounts', () => {
  test('a new one cannot receive money and says what it lacks', async () => {
    const account = await newAccount(await startStripe())
    expect(account).toMatchObject({
      type: 'express',
      details_submitted: false,
      charges_enabled: false,
      payouts_enabled: false,
      capabilities: { transfers: 'inactive' },
      metadata: { host_id: 'h1' },
      requirements: {
        disabled_reason: 'requirements.past_due',
        currently_due: expect.arrayContaining(['external_account']),
      },
    })
  })

  test('the page completes onboarding and returns; "not now" only returns', async () => {
    const world = await startStripe()
    const { id } = await newAccount(world)
    const later = await linkTo(world, id)
    expect((await open(later)).status).toBe(200)
    expect((await choose(later, 'later')).headers.get('location')).toBe(returnUrl)
    expect((await world.client.accounts.retrieve(id)).details_submitted).toBe(false)
    const now = await linkTo(world, id)
    expect((await choose(now, 'complete')).headers.get('location')).toBe(returnUrl)
    expect(await world.client.accounts.retrieve(id)).toMatchObject({
      details_submitted: true,
      charges_enabled: true,
      payouts_enabled: true,
      capabilities: { transfers: 'active' },
      requirements: { currently_due: [], disabled_reason: null },
    })
    expect(await world.arrived()).toMatchObject([{ type: 'account.updated', account: id }])
  })

  test('a link opens once within minutes, then redirects to the refresh URL', async () => {
    const world = await startStripe()
    const { id } = await newAccount(world)
    const used = await linkTo(world, id)
    await open(used)
    expect((await open(used)).headers.get('location')).toBe(refreshUrl)
    const old = await linkTo(world, id)
    await world.advance(10 * 60)
    expect((await open(old)).headers.get('location')).toBe(refreshUrl)
    expect((await open(`${world.sandbox.baseUrl}/stripe/connect/onboarding/none`)).status).toBe(404)
  })

  test('a link needs both URLs', async () => {
    const world = await startStripe()
    const { id } = await newAccount(world)
    const params = { account: id, type: 'account_onboarding' } as const
    await expect(
      world.client.accountLinks.create({ ...params, return_url: returnUrl }),
    ).rejects.toMatchObject({
      param: 'refresh_url',
    })
    await expect(
      world.client.accountLinks.create({ ...params, refresh_url: refreshUrl }),
    ).rejects.toMatchObject({
      param: 'return_url',
    })
  })

  test('the Express dashboard shows received money, and only after onboarding', async () => {
    const world = await startStripe()
    const { id } = await newAccount(world)
    await expect(world.client.accounts.createLoginLink(id)).rejects.toMatchObject({ statusCode: 400 })
    await world.control('POST', `/stripe/accounts/${id}/onboard`)
    await world.client.transfers.create({
      amount: 1206,
      currency: 'aud',
      destination: id,
      source_transaction: (await world.paidCharge()).id,
    })
    const { url } = await world.client.accounts.createLoginLink(id)
    expect(await (await open(url)).text()).toContain('A$12.06')
  })
})
