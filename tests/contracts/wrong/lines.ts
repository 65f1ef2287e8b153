// The list of common mistakes from the README beside the specification files: each line is a test.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasContracts, readText } from '../contract/folder.ts'
import { type Outside, startOutside } from '../use/world.ts'

function linesOf(provider: string): string[] {
  const [, section = ''] = readText('README.md').split('## Commonly got wrong')
  const [, own = ''] = section
    .split('\n## ')[0]!
    .split(new RegExp(`^${provider.replace('.', String.raw`\.`)}$`, 'm'))
  const [bullets = ''] = own.split(/^[A-Z][A-Za-z.]+$/m)
  return [...bullets.matchAll(/^- (.+)$/gm)].map((found) => found[1]!)
}

type Line = (beginning: string, act: (outside: Outside) => Promise<void>) => void

/**
 * `line` makes a test of the line with this beginning. A line without a test fails, and so does a test
 * without a line.
 */
export function commonlyWrong(provider: string, tests: (line: Line) => void): void {
  describe(`commonly got wrong with ${provider}`, () => {
    let outside: Outside
    const covered: string[] = []
    beforeAll(async () => {
      outside = await startOutside()
    })
    afterAll(() => outside.close())

    tests((beginning, act) => {
      covered.push(beginning)
      test(beginning, () => act(outside))
    })

    test.skipIf(!hasContracts)(`every line about ${provider} has its test (CONTRACTS_DIR is needed)`, () => {
      const lines = linesOf(provider)
      expect(lines.length).toBeGreaterThan(2)
      expect(lines.filter((line) => !covered.some((beginning) => line.startsWith(beginning)))).toEqual([])
      expect(covered.filter((beginning) => !lines.some((line) => line.startsWith(beginning)))).toEqual([])
    })
  })
}
