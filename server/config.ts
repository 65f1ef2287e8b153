// The environment, parsed once, with refusals that say what to do. Nothing else in server/ reads process.env.
import { z } from 'zod'
import { isAbn } from './lib/abn.ts'
import { isMobileNumber } from './lib/phone-number.ts'

/** The environment cannot be used. `problems` are whole sentences. */
export class ConfigRefused extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(
      ['Presence cannot start with this environment:', ...problems.map((problem) => `  - ${problem}`)].join(
        '\n',
      ),
    )
    this.name = 'ConfigRefused'
    this.problems = problems
  }
}

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''))
const port = z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535)
const needed = z.string({ error: 'is not set' }).trim().min(1, 'is empty')

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: port.default(3000),
  DATABASE_URL: needed.regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  ROLE: z.enum(['all', 'web', 'worker'], { error: 'must be all, web or worker' }).default('all'),
  PUBLIC_URL: url.optional(),
  AUTH_SECRET: needed.min(32, 'must have at least 32 characters'),
  METRICS_TOKEN: z.string().trim().min(16, 'must have at least 16 characters').optional(),
  SIGN_IN_COUNTRIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((code) => code.trim().toUpperCase())
        .filter(Boolean),
    )
    .refine((codes) => codes.every((code) => /^[A-Z]{2}$/.test(code)), 'must hold country codes like AU,NZ'),
  LIMIT_FACTOR: z.coerce.number({ error: 'must be a number' }).positive('must be above zero').default(1),
  TRUST_PROXY: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  OPERATOR_MOBILE_NUMBERS: z.string().default(''),
  OPERATORS_ON_DUTY: z.string().default(''),
  CONTACT_EMAIL: z.email({ error: 'must be an e-mail address' }).default('help@presence.example'),
  STRIPE_SECRET_KEY: needed,
  STRIPE_PUBLISHABLE_KEY: needed,
  STRIPE_WEBHOOK_SECRET: needed,
  TWILIO_ACCOUNT_SID: needed,
  TWILIO_AUTH_TOKEN: needed,
  TWILIO_MESSAGING_SERVICE_SID: needed,
  TWILIO_VERIFY_SERVICE_SID: needed,
  CALCOM_API_KEY: needed,
  CALCOM_WEBHOOK_SECRET: needed,
  DAILY_API_KEY: needed,
  DAILY_WEBHOOK_SECRET: needed,
  AIRTABLE_ACCESS_TOKEN: needed,
  AIRTABLE_BASE_ID: needed,
  STRIPE_API_URL: url.default('https://api.stripe.com'),
  STRIPE_JS_URL: url.default('https://js.stripe.com/endive/stripe.js'),
  APPLE_PAY_DOMAIN_FILE: z.string().default(''),
  TWILIO_API_URL: url.default('https://api.twilio.com'),
  TWILIO_VERIFY_URL: url.default('https://verify.twilio.com'),
  TWILIO_MESSAGING_URL: url.default('https://messaging.twilio.com'),
  CALCOM_API_URL: url.default('https://api.cal.com'),
  DAILY_API_URL: url.default('https://api.daily.co'),
  AIRTABLE_API_URL: url.default('https://api.airtable.com'),
  VIDEO: z.enum(['daily', 'builtin'], { error: 'must be daily or builtin' }).default('daily'),
  TURN_URLS: z.string().default(''),
  TURN_SECRET: z.string().default(''),
  TURN_ONLY: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  RATINGS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  PAYOUT_DELAY_HOURS: z.coerce.number({ error: 'must be a number of hours' }).min(0).max(720).default(0),
  SELLER_NAME: z.string().trim().min(1).max(200).default('Presence'),
  SELLER_ABN: z
    .string()
    .default('')
    .transform((text) => text.replaceAll(' ', '')),
  GST_INCLUDED: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  CLOCK: z.enum(['real', 'movable'], { error: 'must be real or movable' }).default('real'),
  CLOCK_KEY: z.string().default(''),
  /** A named failpoint at which the process ends itself, for tests of crashes. Never in production. */
  FAILPOINT: z.string().default(''),
})

/** VIDEO=builtin needs no account at Daily. */
const withoutDaily = schema.extend({
  DAILY_API_KEY: z.string().default(''),
  DAILY_WEBHOOK_SECRET: z.string().default(''),
})

export type Config = ReturnType<typeof readConfig>

/** Parses `environment`. Throws ConfigRefused naming every variable that is missing or wrong, all at once. */
export function readConfig(environment: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = (given['VIDEO'] === 'builtin' ? withoutDaily : schema).safeParse(given)
  if (!parsed.success) {
    throw new ConfigRefused(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`))
  }
  const values = parsed.data
  if (!values.STRIPE_WEBHOOK_SECRET.split(',').some((text) => text.trim()))
    throw new ConfigRefused(['STRIPE_WEBHOOK_SECRET holds no secret.'])
  const problems: string[] = []
  const numbersIn = (name: 'OPERATOR_MOBILE_NUMBERS' | 'OPERATORS_ON_DUTY') => {
    const numbers = values[name]
      .split(',')
      .map((text) => text.trim())
      .filter(Boolean)
    for (const number of numbers)
      if (!isMobileNumber(number)) problems.push(`${name} holds "${number}", which is not like +61491570006.`)
    return numbers
  }
  const operators = numbersIn('OPERATOR_MOBILE_NUMBERS')
  const onDuty = numbersIn('OPERATORS_ON_DUTY')
  if (values.NODE_ENV === 'production') {
    if (values.CLOCK === 'movable')
      problems.push('CLOCK=movable is refused in production: time there is real.')
    if (values.FAILPOINT) problems.push('FAILPOINT is refused in production: it ends the process on purpose.')
    if (!values.PUBLIC_URL)
      problems.push('PUBLIC_URL is not set: it is the address in the links that people get.')
    if (values.LIMIT_FACTOR > 1)
      problems.push('LIMIT_FACTOR above 1 is refused in production: the limits would hold nobody up.')
    problems.push(...productionProblems(values))
  }
  if (values.CLOCK === 'movable' && values.CLOCK_KEY.length < 16) {
    problems.push(
      'CLOCK=movable needs a CLOCK_KEY of at least 16 characters, so that not everybody can move the time.',
    )
  }
  const turnUrls = values.TURN_URLS.split(',')
    .map((text) => text.trim())
    .filter(Boolean)
  problems.push(...videoProblems(values, turnUrls))
  if (values.SELLER_ABN !== '' && !isAbn(values.SELLER_ABN))
    problems.push('SELLER_ABN is not an Australian Business Number: its check digits are wrong.')
  if (problems.length > 0) throw new ConfigRefused(problems)

  return {
    isProduction: values.NODE_ENV === 'production',
    port: values.PORT,
    /** The text of Apple's file for this domain; empty: none. */
    applePayDomainFile: values.APPLE_PAY_DOMAIN_FILE,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    databaseUrl: values.DATABASE_URL,
    role: values.ROLE,
    authSecret: values.AUTH_SECRET,
    /** Whoever reads /metrics from another machine must bring it. */
    metricsToken: values.METRICS_TOKEN,
    /** One proxy of ours stands in front and adds the requester's IP address to X-Forwarded-For. */
    isBehindProxy: values.TRUST_PROXY === 'on',
    operatorMobileNumbers: operators,
    /** Countries that codes are sent to; empty means all. */
    signInCountries: values.SIGN_IN_COUNTRIES,
    /** Multiplies every limit; above 1 for tests and demonstrations, where everybody has one address. */
    limitFactor: values.LIMIT_FACTOR,
    /** The contact address at the foot of every page. */
    contactEmail: values.CONTACT_EMAIL,
    /** Who hears of a report by SMS: all operators, unless some are named. */
    operatorsOnDuty: onDuty.length > 0 ? onDuty : operators,
    video: values.VIDEO,
    /** TURN servers for built-in rooms, for networks that allow no direct connection. */
    turn: { urls: turnUrls, secret: values.TURN_SECRET, isRelayOnly: values.TURN_ONLY === 'on' },
    isRatingOn: values.RATINGS === 'on',
    payoutDelayHours: values.PAYOUT_DELAY_HOURS,
    /** The seller on receipts; with an ABN a receipt is a tax invoice. */
    seller: { name: values.SELLER_NAME, abn: values.SELLER_ABN, isGstIncluded: values.GST_INCLUDED === 'on' },
    clock: { isMovable: values.CLOCK === 'movable', key: values.CLOCK_KEY },
    failAt: values.FAILPOINT,
    stripe: {
      apiUrl: values.STRIPE_API_URL,
      jsUrl: values.STRIPE_JS_URL,
      secretKey: values.STRIPE_SECRET_KEY,
      publishableKey: values.STRIPE_PUBLISHABLE_KEY,
      /** Two, separated by a comma, during a change of the secret. An empty secret would accept everybody. */
      webhookSecrets: values.STRIPE_WEBHOOK_SECRET.split(',')
        .map((text) => text.trim())
        .filter(Boolean),
    },
    twilio: {
      apiUrl: values.TWILIO_API_URL,
      verifyUrl: values.TWILIO_VERIFY_URL,
      messagingUrl: values.TWILIO_MESSAGING_URL,
      accountSid: values.TWILIO_ACCOUNT_SID,
      authToken: values.TWILIO_AUTH_TOKEN,
      messagingServiceSid: values.TWILIO_MESSAGING_SERVICE_SID,
      verifyServiceSid: values.TWILIO_VERIFY_SERVICE_SID,
    },
    calcom: {
      apiUrl: values.CALCOM_API_URL,
      apiKey: values.CALCOM_API_KEY,
      webhookSecret: values.CALCOM_WEBHOOK_SECRET,
    },
    daily: {
      apiUrl: values.DAILY_API_URL,
      apiKey: values.DAILY_API_KEY,
      webhookSecret: values.DAILY_WEBHOOK_SECRET,
    },
    airtable: {
      apiUrl: values.AIRTABLE_API_URL,
      accessToken: values.AIRTABLE_ACCESS_TOKEN,
      baseId: values.AIRTABLE_BASE_ID,
    },
  }
}

/** What travels or signs must not be readable or guessable by others. */
function productionProblems(values: z.infer<typeof schema>): string[] {
  const problems: string[] = []
  if (values.CONTACT_EMAIL.endsWith('.example'))
    problems.push('CONTACT_EMAIL is not set: it is the address at the foot of every page.')
  for (const [name, value] of Object.entries(values))
    if (/_(URL|URLS)$/.test(name) && String(value).startsWith('http:'))
      problems.push(`${name} must be an https address in production.`)
  if (new Set(values.AUTH_SECRET).size < 10 || /kept-secret|change-?me|example/i.test(values.AUTH_SECRET))
    problems.push(
      'AUTH_SECRET is a sample or easily guessed. Make one with "openssl rand -base64 32", for example.',
    )
  return problems
}

/** Built-in rooms need a TURN server in production, for people behind strict networks. */
function videoProblems(values: z.infer<typeof schema>, turnUrls: string[]): string[] {
  const problems: string[] = []
  for (const url of turnUrls) {
    if (!/^(?:stuns?|turns?):[^\s/]+$/.test(url))
      problems.push(`TURN_URLS holds "${url}", which is not like turn:turn.example.com:3478.`)
  }
  const hasRelay = turnUrls.some((url) => url.startsWith('turn'))
  if (hasRelay && values.TURN_SECRET === '')
    problems.push('TURN_SECRET is not set: it is the static-auth-secret of the servers in TURN_URLS.')
  if (!hasRelay && values.TURN_ONLY === 'on')
    problems.push('TURN_ONLY=on needs a turn: address in TURN_URLS.')
  if (!hasRelay && values.VIDEO === 'builtin' && values.NODE_ENV === 'production') {
    problems.push(
      'TURN_URLS is not set: without a TURN server a room of VIDEO=builtin fails ' +
        'for people behind strict networks.',
    )
  }
  return problems
}
