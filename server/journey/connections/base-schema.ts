// The tables and fields that the base needs, with the types that a cell may have to be read or written.

/** Text may also be a formula where it is only read. */
const anyText = ['singleLineText', 'multilineText', 'richText', 'email', 'phoneNumber', 'url', 'singleSelect']
const text = [...anyText, 'formula', 'multipleLookupValues', 'rollup']
const written = anyText
const choice = ['singleSelect', 'singleLineText']
const checkbox = ['checkbox']
const money = ['currency', 'number']
const time = ['dateTime', 'date', 'singleLineText']
const links = ['multipleRecordLinks']

type Needed = Record<string, Record<string, readonly string[]>>

/** Fields that Presence reads are needed to sell; those it writes are refused where they cannot be written. */
export const neededTables: Needed = {
  Hosts: {
    'Full Name': text,
    'Mobile Number': text,
    'Country / Time Zone': text,
    'Verification Status': text,
    Status: text,
    'Cal Link': text,
    'Profile Photo': ['multipleAttachments', 'url'],
    'About You (Host Bio)': text,
    'Personality Tags': ['multipleSelects'],
    'Languages Spoken': ['multipleSelects'],
  },
  Templates: { 'Template Name': text, 'Message Body': text, Active: checkbox },
  'Help Desk Prompts': { Question: text, Answer: text, Active: checkbox },
  Members: { 'Presence ID': written, 'Full Name': written, 'Mobile Number': written, Status: choice },
  'Presence Operations': {
    'Presence ID': written,
    'Booking Status': choice,
    'Payment Status': choice,
    'Linked Host': links,
    'Linked Member': links,
    'Amount (AUD)': money,
    'Host Share (AUD)': money,
    'Session Start Time': time,
    'Host Joined': checkbox,
    'Member Joined': checkbox,
    'Payout Status': choice,
  },
  Likes: { 'Presence ID': written, 'Is Mutual': checkbox },
  Refunds: { 'Presence ID': written, 'Refund Amount (AUD)': money, 'Refund Status': choice },
}

type Table = { name: string; fields: { name: string; type: string }[] }

export type SchemaProblem =
  | { kind: 'table'; table: string }
  | { kind: 'field'; table: string; field: string }
  | { kind: 'type'; table: string; field: string; type: string; needed: readonly string[] }

/** What the base lacks. `nameOf` finds a table or field that was renamed, by the id that we keep. */
export function schemaProblems(tables: Table[]): SchemaProblem[] {
  return Object.entries(neededTables).flatMap(([table, fields]): SchemaProblem[] => {
    const found = tables.find(({ name }) => name === table)
    if (!found) return [{ kind: 'table', table }]
    return Object.entries(fields).flatMap(([field, needed]): SchemaProblem[] => {
      const column = found.fields.find(({ name }) => name === field)
      if (!column) return [{ kind: 'field', table, field }]
      return needed.includes(column.type) ? [] : [{ kind: 'type', table, field, type: column.type, needed }]
    })
  })
}
