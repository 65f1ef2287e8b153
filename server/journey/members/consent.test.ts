import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agreementDocuments, documentNames, documents, requiredDocuments } from './consent.ts'

const folder = join(import.meta.dirname, '../../../legal')
const textOf = (name: string) => readFileSync(join(folder, `${name}.md`), 'utf8')

/** A text that changes gets a new version in consent.ts and in its own third line; then its line here. */
const fingerprints: Record<string, string> = {
  terms: '2026-11-29 6962ada0df24',
  privacy: '2026-11-30 37fe256c931b',
  pledge: '2026-11-29 662f0910e025',
  age: '2026-11-29 c8b2d7c659e6',
  'not-therapy': '2026-11-29 f91e8f7461d3',
  marketing: '2026-11-29 9ced697877c6',
}

test.each(documentNames)(
  'the text of "%s" is the one of its version, and says that it is a draft',
  (name) => {
    const text = textOf(name)
    const { title, version } = documents[name]
    expect(text.split('\n').slice(0, 3)).toEqual([
      `# ${title}`,
      '',
      `Version ${version}. Draft for a lawyer: not reviewed yet.`,
    ])
    const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 12)
    expect(`${version} ${fingerprint}`, 'the text changed: give it a new version').toBe(fingerprints[name])
  },
)

test('every document of the folder is asked or offered', () => {
  expect(readdirSync(folder).sort()).toEqual([...documentNames].map((name) => `${name}.md`).sort())
  expect(requiredDocuments).toEqual(['terms', 'privacy', 'pledge', 'age', 'not-therapy'])
  expect([...agreementDocuments, 'pledge'].sort()).toEqual([...requiredDocuments].sort())
})
