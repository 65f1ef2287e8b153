// Everything we hold of somebody, as a file to keep: JSON for programs, HTML for people.

export type Held = Record<string, unknown>
export type Holdings = {
  madeAt: string
  sections: { title: string; rows: Held[] }[]
  notIncluded: { what: string; because: string }[]
}

export const holdingsFileName = 'presence-my-data'

/** A page that needs nothing else: no script, no picture, no address to load from. */
export function holdingsPage({ madeAt, sections, notIncluded }: Holdings): string {
  const body = sections.map(
    ({ title, rows }) => `<h2>${escaped(title)}</h2>${rows.map((row) => `<dl>${facts(row)}</dl>`).join('')}`,
  )
  const rest = notIncluded.map(
    ({ what, because }) => `<li><strong>${escaped(what)}</strong>: ${escaped(because)}</li>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Everything Presence holds of you</title><style>${style}</style></head><body>
<h1>Everything Presence holds of you</h1>
<p>Made on ${escaped(readable(madeAt))}. Times are in UTC, amounts in cents.</p>
${body.join('\n')}
<h2>Not in this file</h2><ul>${rest.join('')}</ul>
</body></html>
`
}

const style = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1.25rem}
h2{margin-top:2.5rem}dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.25rem 1rem;
margin:0 0 1rem;padding-top:1rem;border-top:1px solid #8886}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}`

function facts(row: Held): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([name, value]) => `<dt>${escaped(name.replaceAll('_', ' '))}</dt><dd>${escaped(inWords(value))}</dd>`,
    )
    .join('')
}

function inWords(value: unknown): string {
  if (value instanceof Date) return readable(value.toISOString())
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return JSON.stringify(value)
}

const readable = (moment: string) => moment.slice(0, 16).replace('T', ' ')

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
