// Turns recorded statements into a pgbench script: the same text with the values written in. Ids of one
// payment are made from the client's number and its count, so that each run confirms another payment.

/** The ids of the confirmation that was recorded. */
export type Ids = { purchaseId: string; memberId: string; jobId: string; texts: string[] }

export type Statement = { text: string; values: unknown[] }

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const numbered = (kind: number) => `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-:n`
/** Twelve digits, for the last group of an id. */
const setup = ['\\set i :i + 1', '\\set n 100000000000 + :client_id * 1000000 + :i', '\\set m :n % 8']
const purchaseKind = 1
const memberId = '00000002-0000-4000-8000-00000000000:m'

export function pgbenchScript(
  statements: Statement[],
  ids: Ids,
): { script: string; copies: { purchases: string; members: string } } {
  const names = new Map([
    [ids.purchaseId, numbered(purchaseKind)],
    [ids.memberId, memberId],
    [ids.jobId, ':job_id'],
  ])
  for (const text of ids.texts) names.set(text, `${text.split('_', 1)[0]}_bench_:n`)
  const write = (text: string) => {
    let written = text
    for (const [known, name] of names) written = written.replaceAll(known, name)
    return written.replace(uuids, (id) => {
      if (!isOwn(id)) return id
      const name = numbered(names.size + 16)
      names.set(id, name)
      return name
    })
  }
  // Ids that first appear in a value were made by this confirmation, except the host's.
  const seen = new Set(
    statements.flatMap(({ text, values }) =>
      /insert/i.test(text) ? [...JSON.stringify(values).matchAll(uuids)].map(([id]) => id) : [],
    ),
  )
  const isOwn = (id: string) => seen.has(id) && !names.has(id) && !isHost(statements, id)
  const lines = statements.map(({ text, values }) => {
    const command = text
      .replace(/\$(\d+)/g, (_, at: string) => literal(values[Number(at) - 1], write))
      .trim()
      .replace(/;$/, '')
    const isFetch = /skip locked/i.test(text)
    // When another client has just taken the job, the last id remains, which does as well.
    return isFetch ? `${command} \\aset job_` : `${command};`
  })
  return {
    script: [...setup, ...lines].join('\n'),
    copies: {
      members: `insert into members (id, full_name, mobile_number, time_zone, created_at, last_active_at)
        select ('00000002-0000-4000-8000-00000000000' || n)::uuid, full_name, '+6149157020' || n, time_zone, created_at, last_active_at
        from members, generate_series(0, 7) as n`,
      purchases: `insert into purchases (id, member_id, host_id, plan, terms, amount_cents, currency, status, checkout_id, created_at)
        select ('${numbered(purchaseKind).slice(0, -2)}' || n)::uuid, ('00000002-0000-4000-8000-00000000000' || n % 8)::uuid,
          host_id, plan, terms, amount_cents, currency, 'open', 'cs_bench_' || n, created_at
        from purchases, generate_series(0, $1::int - 1) as client, generate_series(1, $2::int) as i,
          lateral (select 100000000000 + client * 1000000 + i as n) as numbers`,
    },
  }
}

function isHost(statements: Statement[], id: string): boolean {
  const booking = statements.find(({ text }) => /insert into "bookings"/i.test(text))
  const names =
    /\(([^)]*)\)/
      .exec(booking?.text ?? '')?.[1]
      ?.split(',')
      .map((name) => name.trim().replaceAll('"', '')) ?? []
  return booking?.values[names.indexOf('host_id')] === id
}

function literal(value: unknown, write: (text: string) => string): string {
  if (value === null || value === undefined) return 'null'
  const text =
    value instanceof Date
      ? value.toISOString()
      : Array.isArray(value)
        ? `{${value.map(element).join(',')}}`
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value)
  return `'${write(text).replaceAll("'", "''")}'`
}

const element = (value: unknown) =>
  value === null ? 'null' : `"${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
