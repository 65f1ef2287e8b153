// The published specification files, kept outside this repository: CONTRACTS_DIR, or ../shared/contracts
// beside it.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(
  process.env['CONTRACTS_DIR'] ?? join(import.meta.dirname, '../../../../shared/contracts'),
)

/** Without them, the tests that need them are skipped by name. */
export const hasContracts = existsSync(join(folder, 'README.md'))
if (!hasContracts)
  console.warn(`No specification files in ${folder}: what needs them is skipped by name (set CONTRACTS_DIR).`)

export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [name: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function readText(file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}

export function readContract(file: string): JsonObject {
  return JSON.parse(readText(file)) as JsonObject
}
