// The stand-ins that make up the sandbox, and the pages that browsers open beside their operations.
import type { Hono } from 'hono'
import { airtable, airtablePages } from '../airtable/provider.ts'
import { calcom, calcomPages } from '../calcom/provider.ts'
import { daily, dailyPages } from '../daily/provider.ts'
import { stripe, stripePages } from '../stripe/provider.ts'
import { twilio, twilioPages } from '../twilio/provider.ts'
import type { Provider, SandboxContext } from './provider.ts'

export type Pages = (ctx: SandboxContext) => Hono

export const providers: Provider[] = [stripe, twilio, calcom, daily, airtable]
export const pages: Pages[] = [stripePages, twilioPages, calcomPages, dailyPages, airtablePages]
