// The index of decisions names every record with its title, and says of a superseded one by which.
import type { Source } from './sources.ts'

const folder = 'docs/decisions/'
const index = `${folder}README.md`

type Decision = { path: string; number: string; title: string; status: string; isEnforced: boolean }

export function decisionProblems(sources: Source[]): string[] {
  const lines = sources.find(({ path }) => path === index)?.text.split('\n') ?? []
  const records = sources.filter(({ path }) => /^docs\/decisions\/\d{4}-[^/]+\.md$/.test(path)).map(recordOf)
  return records.flatMap((record) => [
    ...shapeProblems(record),
    ...indexProblems(record, lines),
    ...supersededProblems(record, records),
  ])
}

function recordOf({ path, text }: Source): Decision {
  const number = path.slice(folder.length, folder.length + 4)
  const title = new RegExp(`^# ${number} (.+)`).exec(text)?.[1] ?? ''
  const status = /^\*\*Status:\*\* (.+)/m.exec(text)?.[1] ?? ''
  return { path, number, title, status, isEnforced: /^\*\*Enforced by:\*\* \S/m.test(text) }
}

function shapeProblems({ path, number, title, status, isEnforced }: Decision): string[] {
  return [
    ...(title ? [] : [`${path} does not begin with "# ${number} What was decided". Give it that heading.`]),
    ...(status ? [] : [`${path} has no line "**Status:** Accepted". Add it below the heading.`]),
    ...(isEnforced
      ? []
      : [`${path} has no line "**Enforced by:** ...". Name the check, test or constraint.`]),
  ]
}

function indexProblems({ path, number, title, status }: Decision, lines: string[]): string[] {
  const wanted = `- [${number}](${path.slice(folder.length)}) ${title}`
  const line = lines.find((each) => each.startsWith(`- [${number}]`))
  if (!line?.startsWith(wanted))
    return [`${index} does not list ${path} with its title. Add the line "${wanted}".`]
  return supersedersIn(status)
    .filter((later) => !line.slice(wanted.length).includes(later))
    .map((later) => `${index} does not say that ${number} is superseded by ${later}. Add it to the line.`)
}

/** What a record says of another one, the other one says too. */
function supersededProblems({ path, number, status }: Decision, records: Decision[]): string[] {
  const find = (wanted: string) => records.find((record) => record.number === wanted)
  return [
    ...supersedersIn(status)
      .filter((later) => !find(later))
      .map((later) => `${path} is superseded by ${later}, which does not exist. Correct its status.`),
    ...numbersAfter(/\bsupersedes\b/i, status)
      .filter((earlier) => !supersedersIn(find(earlier)?.status ?? '').includes(number))
      .map(
        (earlier) =>
          `${path} supersedes ${earlier}, whose status does not say so. Add "superseded by ${number}".`,
      ),
  ]
}

const supersedersIn = (status: string) => numbersAfter(/\bsuperseded\b.*?\bby\b/i, status)

/** The numbers of four digits after the words, in the same sentence. */
function numbersAfter(words: RegExp, status: string): string[] {
  const sentence = status.split(/;|\. /).find((part) => words.test(part)) ?? ''
  const [, rest = ''] = new RegExp(`${words.source}(.*)`, words.flags).exec(sentence) ?? []
  return [...new Set(rest.match(/\b\d{4}\b/g) ?? [])]
}
