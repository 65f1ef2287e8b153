// What everybody agrees to, in the versions of the folder legal/. A text that changes gets a new version
// here, and whoever agreed to an older one is asked again.

export const documentNames = ['terms', 'privacy', 'pledge', 'age', 'not-therapy', 'marketing'] as const
export type DocumentName = (typeof documentNames)[number]

export const documents: Record<DocumentName, { title: string; version: string }> = {
  terms: { title: 'Terms of use', version: '2026-11-29' },
  privacy: { title: 'Privacy', version: '2026-11-30' },
  pledge: { title: 'Community pledge', version: '2026-11-29' },
  age: { title: 'Age', version: '2026-11-29' },
  'not-therapy': { title: 'Not therapy, not an emergency service', version: '2026-11-29' },
  marketing: { title: 'News and offers by text message', version: '2026-11-29' },
}

/** Without these a member cannot pay and a host cannot offer hours. News and offers are a free choice. */
export const requiredDocuments = documentNames.filter((name) => name !== 'marketing')

/** Airtable's `Member Agreement Accepted`; its `Community Pledge Signed` is about the pledge alone. */
export const agreementDocuments = requiredDocuments.filter((name) => name !== 'pledge')
