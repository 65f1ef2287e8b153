// The content lines of a calendar (RFC 5545, 3.1), read as people's calendars really are: with bare line
// breaks, folds inside a letter, lines that are none, and components that nobody closed.

export type Property = {
  /** In capitals. */
  name: string
  /** What stands between the name and the value, with quotes taken off; names in capitals. */
  parameters: Map<string, string>
  value: string
}

export type Component = { name: string; properties: Property[]; children: Component[] }

/** Bytes as they came. Text in UTF-16 is known by its byte order mark; all else is read as UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  if (encoding) return unfold(new TextDecoder(encoding).decode(bytes))
  // Unfolded as bytes: a fold may stand in the middle of a letter.
  const unfolded = unfold(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  return new TextDecoder('utf-8').decode(Buffer.from(unfolded, 'latin1'))
}

const unfold = (text: string) =>
  text
    .replaceAll('\0', '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')

/** The root has everything that stands at the top. `unclosed`: names of the components that nobody closed. */
export function readComponents(text: string): { root: Component; unclosed: string[] } {
  const root: Component = { name: '', properties: [], children: [] }
  const open = [root]
  const cut: string[] = []
  for (const line of text.split('\n')) {
    const property = readProperty(line)
    if (!property) continue
    const name = property.value.trim().toUpperCase()
    if (property.name === 'BEGIN') {
      // A calendar begins at the top, whatever was left open before it.
      if (name === 'VCALENDAR') cut.push(...open.splice(1).map((one) => one.name))
      // An event cannot hold another: one that was never closed ends here.
      const same = open.findIndex((one) => one.name === name)
      if (same > 0) open.length = same
      const component: Component = { name, properties: [], children: [] }
      open.at(-1)!.children.push(component)
      open.push(component)
    } else if (property.name === 'END') {
      const at = open.findLastIndex((one) => one.name === name)
      if (at > 0) open.length = at
    } else open.at(-1)!.properties.push(property)
  }
  return { root, unclosed: [...cut, ...open.slice(1).map(({ name }) => name)] }
}

const dated = /^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)$/
/** Anything that can stand in a list of dates, times and periods. */
const dateList = /^[\s\d,TZPWDHMS:+\-/.]*$/i

/** Undefined where the line is no content line, such as the second half of a broken one. */
function readProperty(line: string): Property | undefined {
  const start = /^\s*([A-Za-z0-9-]+)\s*([;:])/.exec(line)
  if (!start) return undefined
  const name = start[1]!.toUpperCase()
  const from = start[0].length - 1
  // A zone's display name has a colon and often no quotes, so that the first colon is not always the last
  // word.
  for (let colon = colonAfter(line, from, true); colon !== -1; colon = colonAfter(line, colon + 1, false)) {
    const value = line.slice(colon + 1)
    if (dated.test(name) && !dateList.test(value)) continue
    return { name, parameters: readParameters(line.slice(from, colon)), value }
  }
  return dated.test(name) ? { name, parameters: new Map(), value: line.slice(from + 1) } : undefined
}

function colonAfter(line: string, from: number, heedsQuotes: boolean): number {
  if (!heedsQuotes) return line.indexOf(':', from)
  let isQuoted = false
  for (let at = from; at < line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted
    else if (line[at] === ':' && !isQuoted) return at
  }
  return -1
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const match of text.matchAll(/;\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^;]*)/g))
    parameters.set(match[1]!.toUpperCase(), match[2]!.replaceAll('"', '').trim())
  return parameters
}

/** The value of the first property of that name, trimmed; empty where there is none. */
export function valueOf(component: Component, name: string): string {
  return component.properties.find((property) => property.name === name)?.value.trim() ?? ''
}
