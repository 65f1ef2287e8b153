// What the API answers about a person's consents, and one document.
import { z } from 'zod'
import { documentNames } from './consent.ts'

const documentName = z.enum(documentNames)

export const consentsView = z.object({
  /** What is still to be agreed to, in its present version. */
  missing: z.array(z.object({ document: documentName, title: z.string(), version: z.string() })),
  /** What was agreed to last, each document once. */
  given: z.array(z.object({ document: documentName, version: z.string(), at: z.iso.datetime() })),
  wantsMarketing: z.boolean(),
})
export type Consents = z.infer<typeof consentsView>

export const documentView = z.object({
  document: documentName,
  title: z.string(),
  version: z.string(),
  markdown: z.string(),
})
export type LegalDocument = z.infer<typeof documentView>
