// The zone rules that a calendar brings along (VTIMEZONE, RFC 5545, 3.6.5).
import { type Component, valueOf } from './content-lines.ts'
import { expandRule, readRule, type Rule } from './rule.ts'
import { readTime, type Wall, type Zone } from './times.ts'

/** A change of the offset: where clocks showed `wall`, by the old offset. Milliseconds. */
type Onset = { wall: Wall; from: number; to: number }
type Observance = { start: Wall; from: number; to: number; rules: Rule[]; extra: Wall[] }

const yearMs = 366 * 86_400_000

/** Undefined where its rules cannot be read, so that its name is looked at instead. */
export function openOwnRules(component: Component): Zone | undefined {
  const observances = readObservances(component)
  if (observances.length === 0) return undefined
  const byYear = new Map<number, Onset[]>()
  const onsetsAround = (wall: Wall): Onset[] => {
    const year = new Date(wall).getUTCFullYear()
    let onsets = byYear.get(year)
    if (!onsets) byYear.set(year, (onsets = onsetsIn(observances, Date.UTC(year, 0), Date.UTC(year + 1, 0))))
    return onsets
  }
  return (wall) => {
    const onsets = onsetsAround(wall)
    const last = onsets.findLast((onset) => onset.wall <= wall)
    if (!last) return wall - (onsets[0]?.from ?? observances[0]!.to)
    // A wall time that was skipped is counted by the offset before the gap.
    const isSkipped = last.to > last.from && wall < last.wall + (last.to - last.from)
    return wall - (isSkipped ? last.from : last.to)
  }
}

/** None where one of them cannot be read: half of the rules would be wrong for half of the year. */
function readObservances(component: Component): Observance[] {
  try {
    const read = component.children.map(readObservance)
    const all = read.filter((one) => one !== undefined)
    // Tried once, since a rule may be refused only when it is expanded.
    onsetsIn(all, Date.UTC(2027, 0), Date.UTC(2028, 0))
    return all.length === read.length ? all : []
  } catch {
    return []
  }
}

/** Those of the year, and the last one before it. */
function onsetsIn(observances: Observance[], from: Wall, to: Wall): Onset[] {
  const all = observances.flatMap(({ start, rules, extra, ...offsets }) => {
    const walls = [start, ...extra].filter((wall) => wall < to)
    for (const rule of rules) walls.push(...expandRule(rule, start, from - 2 * yearMs, to))
    // A rule that ended long ago: its last onset is still in force.
    for (const rule of rules)
      if (rule.until !== undefined && rule.until < from - 2 * yearMs)
        walls.push(...expandRule(rule, start, rule.until - 2 * yearMs, rule.until + yearMs))
    return walls.map((wall) => ({ wall, ...offsets }))
  })
  return all.sort((a, b) => a.wall - b.wall)
}

function readObservance(component: Component): Observance | undefined {
  const start = component.properties.find(({ name }) => name === 'DTSTART')
  const time = start && readTime(start.value)
  const from = readOffset(valueOf(component, 'TZOFFSETFROM'))
  const to = readOffset(valueOf(component, 'TZOFFSETTO'))
  if (!time || to === undefined) return undefined
  const rules: Rule[] = []
  const extra: Wall[] = []
  for (const { name, value } of component.properties) {
    if (name === 'RRULE') {
      const rule = readRule(value)
      if (rule) rules.push(rule)
    }
    if (name === 'RDATE')
      for (const one of value.split(',')) {
        const read = readTime(one)
        if (read) extra.push(read.wall)
      }
  }
  return { start: time.wall, from: from ?? to, to, rules, extra }
}

function readOffset(text: string): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d):?(\d\d)?$/.exec(text)
  if (!match) return undefined
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return (match[1] === '-' ? -1 : 1) * seconds * 1000
}
