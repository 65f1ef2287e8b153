// The generated Kysely types carry the fingerprint of the migrations they were made from.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf } from './fingerprint.ts'

export const schemaTypesFile = 'server/db/schema.generated.ts'
const sources = ['migrations', '.kysely-codegenrc.json']
const mark = '// Made from the migrations with fingerprint '

/** The generated text with its fingerprint on the first line. */
export function withFingerprint(root: string, generated: string): string {
  return `${mark}${fingerprintOf(root, sources)} by "npm run db:types".\n${generated}`
}

/** Undefined when the types fit the migrations; otherwise what is wrong and what to do. */
export function staleSchemaTypes(root: string): string | undefined {
  const [firstLine] = readFileSync(join(root, schemaTypesFile), 'utf8').split('\n')
  if (firstLine?.startsWith(`${mark}${fingerprintOf(root, sources)} `)) return undefined
  return `${schemaTypesFile} does not fit the migrations any more. Run "npm run db:types" and commit what it writes.`
}
