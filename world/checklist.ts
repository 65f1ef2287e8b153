// The checklist of a journey: each line is a fact that was seen, with its evidence, or what was seen instead.

export type Line = {
  phase: string
  line: string
  passed: boolean
  evidence: Record<string, unknown>
  problem?: string
}

export type Checklist = {
  lines: Line[]
  /** Runs one line. What `see` answers is its evidence; what it throws is why it failed. */
  check: <Evidence extends Record<string, unknown>>(
    phase: string,
    line: string,
    see: () => Promise<Evidence>,
  ) => Promise<Evidence>
}

/** A line failed, and those after it cannot be walked. */
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

/** A fact that must hold; the sentence says what was expected. */
export function expect(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(sentence)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
