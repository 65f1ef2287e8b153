// Runs slow files first, so that no worker is left alone with one at the end.
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Slowest first, for files that have not run here yet.
const slowFolders = ['browser', 'http', 'start', 'faults', 'journey', 'contracts', 'database']

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files)
    const lastMs = (file: TestSpecification) => this.ctx.cache.getTestSpecificationResult(file)?.duration
    const isEachKnown = files.every((file) => lastMs(file) !== undefined)
    const rank = (file: TestSpecification) => {
      const [top, folder = ''] = relative(this.ctx.config.root, file.moduleId).split('/')
      const found = top === 'tests' ? slowFolders.indexOf(folder) : -1
      return found === -1 ? slowFolders.length : found
    }
    return bySize.sort((a, b) => (isEachKnown ? lastMs(b)! - lastMs(a)! : rank(a) - rank(b)))
  }
}
