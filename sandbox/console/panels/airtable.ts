// The operators' base as a grid. A changed cell is saved through Airtable's API, like an operator's edit.
import { html } from 'hono/html'
import { cellText, rowsOf } from '../../airtable/rows.ts'
import type { Row } from '../../airtable/rows.ts'
import { choicesOf, givenNames, tables } from '../../airtable/schema.ts'
import type { Field, Table } from '../../airtable/schema.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { time } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const shown = 200

export function airtablePanel({ ctx, part }: View): Html {
  const table = tables.find((one) => one.name === decodeURIComponent(part)) ?? tables[0]
  if (!table) return html``
  const rows = rowsOf(ctx.store, table.name)
  const given = givenNames(ctx.store)
  return html` <nav class="pills" aria-label="Tables">
      ${tables.map(
        ({ id, name }) =>
          html` <a
            href="#airtable/${encodeURIComponent(name)}"
            ${name === table.name ? 'aria-current=true' : ''}
            >${given[id] ?? name} <span class="count">${rowsOf(ctx.store, name).length}</span></a
          >`,
      )}
    </nav>
    <p class="muted">${table.description.replaceAll('`', '')}</p>
    <div
      class="card grid"
      data-key="grid ${table.name}"
      tabindex="0"
      role="region"
      aria-label="${table.name}"
    >
      <table>
        <thead>
          <tr>
            ${table.fields.map((field) => html`<th scope="col">${given[field.id] ?? field.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(-shown).map(
            (row) =>
              html`<tr data-key="${row.id}">
                ${table.fields.map((field, at) => cell(ctx, table, row, field, at === 0))}
              </tr>`,
          )}
        </tbody>
      </table>
      ${rows.length === 0 ? html`<p class="muted none">No rows yet.</p>` : ''}
    </div>`
}

function cell(ctx: SandboxContext, table: Table, row: Row, field: Field, isFirst: boolean): Html {
  const content =
    field.type === 'multipleAttachments'
      ? attachments(row, field)
      : field.link
        ? html`<span class="fixed">${cellText(ctx.store, field, row.fields[field.name])}</span>`
        : editor(ctx, table, row, field)
  return isFirst ? html`<th scope="row">${content}</th>` : html`<td class="${field.type}">${content}</td>`
}

function attachments(row: Row, field: Field): Html {
  const files = row.fields[field.name]
  if (!Array.isArray(files)) return html``
  return html`${files.map((file) =>
    typeof file === 'object'
      ? html`<a href="${file.url}" target="_blank" rel="noreferrer"
          ><img src="${file.url}" alt="${file.filename}" loading="lazy"
        /></a>`
      : '',
  )}`
}

function editor(ctx: SandboxContext, table: Table, row: Row, field: Field): Html {
  const value = row.fields[field.name]
  const address = `/v0/${ctx.keys['AIRTABLE_BASE_ID']}/${table.id}/${row.id}`
  const about = html`data-cell="${address}" data-field="${field.id}" data-type="${field.type}"
  aria-label="${field.name}"`
  const text = cellText(ctx.store, field, value)
  if (field.type === 'checkbox') return html`<input type="checkbox" ${about} ${value ? 'checked' : ''} />`
  if (field.type === 'singleSelect') {
    const names = choicesOf(ctx.store, field).map((choice) => choice.name)
    return html`<select ${about}>
      <option></option>
      ${names.map((name) => html`<option ${name === value ? 'selected' : ''}>${name}</option>`)}
    </select>`
  }
  if (field.type === 'dateTime')
    return html`<span class="fixed"
      >${typeof value === 'string' ? time(Date.parse(value), 'datetime') : ''}</span
    >`
  if (['number', 'percent', 'currency'].includes(field.type)) {
    return html`<input
      type="number"
      step="any"
      ${about}
      value="${value === undefined ? '' : String(value)}"
    />`
  }
  return html`<textarea rows="1" spellcheck="false" ${about}>${text}</textarea>`
}
