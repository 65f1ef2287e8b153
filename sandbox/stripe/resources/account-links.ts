// Single-use links to the sandbox's Connect pages.
import { minuteSeconds } from '../../core/durations.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { randomText } from '../wire/ids.ts'
import { operation } from '../wire/operation.ts'
import { ignored, oneOf, required, text, url } from '../wire/params.ts'
import { impossible, invalid, missingParam } from '../wire/refusal.ts'
import { loadAccount } from './accounts.ts'

const linkKind = 'stripe.account_link'
const loginKind = 'stripe.login_link'
const lifeSeconds = 5 * minuteSeconds
type LinkTerms = {
  account: string
  returnUrl: string
  refreshUrl: string
  expiresAt: number
  isUsed: boolean
}

/** Opens a link once; `isLive` is false for a used or expired one, undefined means unknown. */
export function openAccountLink(
  ctx: SandboxContext,
  token: string,
): { terms: LinkTerms; isLive: boolean } | undefined {
  const terms = ctx.store.get<LinkTerms>(linkKind, token)
  if (!terms) return undefined
  const isLive = !terms.isUsed && terms.expiresAt > ctx.clock.seconds()
  if (isLive) ctx.store.put(linkKind, token, { ...terms, isUsed: true })
  return { terms, isLive }
}

/** The terms of a link whether or not it was opened, for the form on the page behind it. */
export const accountLinkTerms = (ctx: SandboxContext, token: string) =>
  ctx.store.get<LinkTerms>(linkKind, token)

export const accountOfLogin = (ctx: SandboxContext, token: string) =>
  ctx.store.get<{ account: string }>(loginKind, token)?.account

export const accountLinkOperations = [
  operation({
    name: 'account_links.create',
    method: 'POST',
    path: '/v1/account_links',
    params: {
      account: required(text),
      type: required(oneOf('account_onboarding', 'account_update')),
      refresh_url: url,
      return_url: url,
      collect: oneOf('currently_due', 'eventually_due'),
      collection_options: ignored,
    },
    act: ({ ctx, params }) => {
      const account = loadAccount(ctx, params.account)
      if (!params.refresh_url) throw missingParam('refresh_url')
      if (!params.return_url) throw missingParam('return_url')
      if (params.type === 'account_update' && account.type !== 'custom') {
        throw invalid(
          `You cannot create \`account_update\` type Account Links for this account. Valid types are: account_onboarding.`,
          'type',
        )
      }
      const token = randomText(16)
      const created = ctx.clock.seconds()
      const terms: LinkTerms = {
        account: account.id,
        returnUrl: params.return_url,
        refreshUrl: params.refresh_url,
        expiresAt: created + lifeSeconds,
        isUsed: false,
      }
      ctx.store.put(linkKind, token, terms)
      return {
        object: 'account_link',
        created,
        expires_at: terms.expiresAt,
        url: `${ctx.baseUrl}/stripe/connect/onboarding/${token}`,
      }
    },
  }),
  operation({
    name: 'accounts.create_login_link',
    method: 'POST',
    path: '/v1/accounts/:id/login_links',
    params: {},
    act: ({ ctx, id }) => {
      const account = loadAccount(ctx, id)
      if (account.type !== 'express')
        throw impossible('Cannot create a login link for an account that is not an Express account.')
      if (!account.details_submitted)
        throw impossible('Cannot create a login link for an account that has not completed onboarding.')
      const token = randomText(16)
      ctx.store.put(loginKind, token, { account: account.id })
      return {
        object: 'login_link',
        created: ctx.clock.seconds(),
        url: `${ctx.baseUrl}/stripe/connect/express/${token}`,
      }
    },
  }),
]
