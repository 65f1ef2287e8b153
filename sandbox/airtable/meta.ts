// The meta operations: who the token belongs to, which bases it sees, which tables and fields a base has.
import type { Operation } from '../core/provider.ts'
import type { Store } from '../core/store.ts'
import { stableId } from './ids.ts'
import { answering, requireBase } from './request.ts'
import { choicesOf, findTable, presentFields, primaryField, shownName, tables } from './schema.ts'
import type { Field } from './schema.ts'

function optionsOf(store: Store, field: Field): object | undefined {
  switch (field.type) {
    case 'singleSelect':
    case 'multipleSelects':
      return { choices: choicesOf(store, field) }
    case 'number':
    case 'percent':
      return { precision: field.precision }
    case 'currency':
      return { precision: field.precision, symbol: '$' }
    case 'checkbox':
      return { icon: 'check', color: 'greenBright' }
    case 'dateTime':
      return {
        dateFormat: { name: 'iso', format: 'YYYY-MM-DD' },
        timeFormat: { name: '24hour', format: 'HH:mm' },
        timeZone: 'utc',
      }
    case 'multipleAttachments':
      return { isReversed: false }
    case 'multipleRecordLinks': {
      const other = findTable(field.link!.table)!
      return {
        linkedTableId: other.id,
        isReversed: false,
        prefersSingleRecordLink: false,
        inverseLinkFieldId: other.fields.find(({ name }) => name === field.link!.inverse)!.id,
      }
    }
    default:
      return undefined
  }
}

const listTables = answering((request, ctx) => {
  requireBase(request, ctx)
  return {
    status: 200,
    body: {
      tables: tables.map((table) => ({
        id: table.id,
        name: shownName(ctx.store, table),
        description: table.description,
        primaryFieldId: primaryField(table).id,
        fields: presentFields(ctx.store, table).map((field) => {
          const { id, type } = field
          return { id, name: shownName(ctx.store, field), type, options: optionsOf(ctx.store, field) }
        }),
        views: [{ id: stableId('viw', table.name), name: 'Grid view', type: 'grid' }],
      })),
    },
  }
})

export const metaOperations: Operation[] = [
  {
    name: 'meta.whoami',
    method: 'GET',
    path: '/v0/meta/whoami',
    handle: () => ({ status: 200, body: { id: stableId('usr', 'operator') } }),
  },
  {
    name: 'meta.bases.list',
    method: 'GET',
    path: '/v0/meta/bases',
    handle: (_request, ctx) => ({
      status: 200,
      body: { bases: [{ id: ctx.keys['AIRTABLE_BASE_ID'], name: 'Presence', permissionLevel: 'create' }] },
    }),
  },
  { name: 'meta.tables.list', method: 'GET', path: '/v0/meta/bases/:baseId/tables', handle: listTables },
]
