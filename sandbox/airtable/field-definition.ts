export type FieldType =
  | 'singleLineText'
  | 'multilineText'
  | 'email'
  | 'phoneNumber'
  | 'url'
  | 'singleSelect'
  | 'multipleSelects'
  | 'checkbox'
  | 'number'
  | 'percent'
  | 'currency'
  | 'dateTime'
  | 'multipleAttachments'
  | 'multipleRecordLinks'

export type FieldDefinition = {
  name: string
  type: FieldType
  choices?: string[]
  precision?: number
  /** For links: the other table, and the inverse field there. */
  link?: { table: string; inverse: string }
}
