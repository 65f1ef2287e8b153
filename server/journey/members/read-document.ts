// A document of the folder legal/, as it is shown.
import { readFile } from 'node:fs/promises'
import type { LegalDocument } from './consents-view.ts'
import { type DocumentName, documents } from './consent.ts'

const folder = new URL('../../../legal/', import.meta.url)

export async function readDocument(document: DocumentName): Promise<LegalDocument> {
  return {
    document,
    ...documents[document],
    markdown: await readFile(new URL(`${document}.md`, folder), 'utf8'),
  }
}
