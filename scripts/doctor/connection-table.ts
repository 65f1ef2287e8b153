// The lines of a look at the services, for a terminal.
import type { ConnectionLine } from '../../server/journey/connections/connection.ts'

const marks = { ok: 'ok  ', notice: 'note', failing: 'FAIL' } as const

/** One line each, and under one that is not in order what to do. */
export function connectionTable(lines: ConnectionLine[]): string {
  const width = Math.max(...lines.map(({ name }) => name.length), 0)
  const shown = lines.flatMap(({ provider, name, state, finding, mend }) => [
    `  ${marks[state]}  ${provider.padEnd(9)} ${name.padEnd(width)}  ${finding}`,
    ...(mend ? [`        ${' '.repeat(9 + width)} -> ${mend}`] : []),
  ])
  const failing = lines.filter(({ state }) => state === 'failing').length
  const sum =
    failing === 0
      ? 'All services are connected as needed.'
      : `${failing} ${failing === 1 ? 'line needs' : 'lines need'} mending.`
  return [...shown, '', `  ${sum}`].join('\n')
}
