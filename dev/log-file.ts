// Writes a child's output to DATA_DIR/logs. A large file is rotated once per start.
import { appendFileSync, renameSync, statSync } from 'node:fs'

const largestBytes = 5_000_000

export function openLog(file: string): (line: string) => void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestBytes) renameSync(file, `${file}.1`)
  return (line) => appendFileSync(file, `${line}\n`)
}
