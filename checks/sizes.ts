// How long files and lines are: each file, and all of them together.
import type { Source } from './sources.ts'

const maxLines = 400
const maxMedian = 85
const maxNineInTen = 180
const maxWidth = 110
const maxWidePercent = 0.5

const isWrittenByMachine = /\.generated\.ts$|^package-lock\.json$|\.svg$/
const isCode = /\.(ts|tsx|css|mjs|js)$/
const isTest = /\.test\.tsx?$|^tests\/|\/testing\//

export function sizeProblems(sources: Source[]): string[] {
  const ours = sources.filter(({ path }) => !isWrittenByMachine.test(path))
  const { median, nineInTen, widePercent } = sizesOf(sources)
  return [
    ...ours
      .map(({ path, text }) => ({ path, lines: linesOf(text).length }))
      .filter(({ lines }) => lines > maxLines)
      .map(
        ({ path, lines }) =>
          `${path} has ${lines} lines, and none may have over ${maxLines}. Split it along what changes together.`,
      ),
    ...(median > maxMedian
      ? [`The median source file has ${median} lines; the limit is ${maxMedian}. Split some.`]
      : []),
    ...(nineInTen > maxNineInTen
      ? [
          `Nine source files in ten have up to ${nineInTen} lines; the limit is ${maxNineInTen}. Split the longest.`,
        ]
      : []),
    ...(widePercent >= maxWidePercent
      ? [
          `${widePercent.toFixed(2)} % of the lines are over ${maxWidth} characters long; the limit is ${maxWidePercent} %. Break some.`,
        ]
      : []),
  ]
}

/** The sizes as one line: "median 62 lines, ...". */
export function sizesInWords(sources: Source[]): string {
  const { median, nineInTen, widePercent } = sizesOf(sources)
  return `median ${median} lines, nine in ten up to ${nineInTen}, ${widePercent.toFixed(2)} % of lines over ${maxWidth}`
}

/** Lengths of the source files without tests; wide lines of all code. */
function sizesOf(sources: Source[]) {
  const code = sources.filter(({ path }) => isCode.test(path) && !isWrittenByMachine.test(path))
  const lengths = code
    .filter(({ path }) => !isTest.test(path))
    .map(({ text }) => linesOf(text).length)
    .sort((a, b) => a - b)
  const lines = code.flatMap(({ text }) => linesOf(text))
  const wide = lines.filter((line) => line.length > maxWidth).length
  return {
    median: quantile(lengths, 0.5),
    nineInTen: quantile(lengths, 0.9),
    widePercent: (100 * wide) / Math.max(1, lines.length),
  }
}

/** The smallest length that at least this share of the files does not exceed. */
const quantile = (sorted: number[], share: number) =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n')
