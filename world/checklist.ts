// The checklist of a journey. Each line is a fact with its evidence, or the problem found instead.

export type Line = {
  phase: string
  line: string
  passed: boolean
  evidence: Record<string, unknown>
  problem?: string
}

export type Checklist = {
  lines: Line[]
  /** Runs one line. The answer of `see` is its evidence; an error of `see` is why it failed. */
  check: <Evidence extends Record<string, unknown>>(
    phase: string,
    line: string,
    see: () => Promise<Evidence>,
  ) => Promise<Evidence>
}

/** A line failed, so the lines after it cannot be tried. */
export class LineFailed extends Error {}

export function openChecklist(print: (line: Line) => void): Checklist {
  const lines: Line[] = []
  return {
    lines,
    async check(phase, line, see) {
      try {
        const evidence = await see()
        const passed: Line = { phase, line, passed: true, evidence }
        lines.push(passed)
        print(passed)
        return evidence
      } catch (error) {
        const failed: Line = { phase, line, passed: false, evidence: {}, problem: describe(error) }
        lines.push(failed)
        print(failed)
        throw new LineFailed(line, { cause: error })
      }
    },
  }
}

/** Throws `sentence`, which says what was expected, unless the fact holds. */
export function expect(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(sentence)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
