// No list is cut off by chance: a limit in SQL has an order, a provider's list is followed to its last page.
import type { Source } from './sources.ts'

/** A comment near a provider's list that says why its first page is all that is wanted. */
const isEnough = /One page is enough/

/** Lists in server/ that lose rows without a word once there are more than their limit. */
export function listProblems(sources: Source[]): string[] {
  return sources
    .filter(({ path }) => /^server\/.*(?<!\.test)\.ts$/.test(path))
    .flatMap((source) => [...queryProblems(source), ...sqlProblems(source), ...providerProblems(source)])
}

/** Of Kysely's chains: `.limit(` and `.orderBy(` stand in lines of one indentation, or in one line. */
function queryProblems({ path, text }: Source): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const at = line.indexOf('.limit(')
    if (at < 0) return []
    const indent = indentOf(line)
    let first = index
    while (first > 0 && indentOf(lines[first - 1]!) >= indent) first--
    const chain = lines.slice(first, index + 1).filter((one) => indentOf(one) === indent)
    if (chain.some((one) => one.includes('.orderBy('))) return []
    return [
      `${path}:${index + 1} limits a query that has no order, so which rows come is chance. Add orderBy.`,
    ]
  })
}

function sqlProblems({ path, text }: Source): string[] {
  return [...text.matchAll(/sql(?:<[^`]*>)?`([^`]*)`/g)]
    .filter(([, query]) => /\blimit\s+(?:\d|\$\{)/i.test(query!) && !/\border by\b/i.test(query!))
    .map(
      ({ index }) =>
        `${path}:${lineOf(text, index)} limits SQL without an order, so which rows come is chance. Add order by.`,
    )
}

function providerProblems({ path, text }: Source): string[] {
  return [...text.matchAll(/\.sdk\.[\w.]*\.list\w*\(|[?&]limit=\d/g)]
    .filter(({ index }) => {
      const before = text.slice(0, index).split('\n').slice(-6).join('\n')
      return !/listAll\([^()]*\(\)\s*=>\s*\w*$/.test(before) && !isEnough.test(before)
    })
    .map(
      ({ index }) =>
        `${path}:${lineOf(text, index)} reads one page of a provider's list. Use listAll, follow its pages, ` +
        'or say in a comment why "One page is enough".',
    )
}

const indentOf = (line: string) => line.length - line.trimStart().length
const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length
