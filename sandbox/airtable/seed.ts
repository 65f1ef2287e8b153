// Fills an empty base: hosts, templates and help. Members are written by the application.
import type { SandboxContext } from '../core/provider.ts'
import { seedHelpDesk } from '../seed/help-desk.ts'
import { seedHosts } from '../seed/hosts.ts'
import type { SeedHost } from '../seed/hosts.ts'
import { seedTemplates } from '../seed/templates.ts'
import type { Attachment } from './cells.ts'
import { openEdit } from './edit.ts'
import { stableId } from './ids.ts'
import { rowKind, rowsOf } from './rows.ts'
import { findTable } from './schema.ts'

const photoPath = '/_sandbox/photos/'

export function seedBase(ctx: SandboxContext): void {
  if (ctx.store.get('airtable.seeded', 'base')) return
  const edit = openEdit(ctx, false)
  const add = (table: string, id: string, fields: Record<string, unknown>) =>
    edit.create(findTable(table)!, fields, id)
  for (const host of seedHosts) add('Hosts', host.recordId, hostFields(host, ctx.baseUrl))
  seedTemplates.forEach((template, index) =>
    add('Templates', stableId('rec', `template:${template.name}:${index}`), {
      'Template Name': template.name,
      'Message Body': template.body,
      Type: template.type,
      Channel: template.channel,
      Active: true,
    }),
  )
  seedHelpDesk.forEach((help, index) =>
    add('Help Desk Prompts', stableId('rec', `help:${index}`), {
      'Prompt Name': help.name,
      Question: help.question,
      Answer: help.answer,
      Active: true,
    }),
  )
  edit.commit()
  ctx.store.put('airtable.seeded', 'base', { at: new Date(ctx.clock.now()).toISOString() })
}

function hostFields(host: SeedHost, baseUrl: string): Record<string, unknown> {
  return {
    'Full Name': host.fullName,
    Email: host.email,
    'Mobile Number': host.mobileNumber,
    'Profile Photo': [{ url: `${baseUrl}${photoPath}${host.slug}.svg`, filename: `${host.slug}.svg` }],
    'About You (Host Bio)': host.bio,
    'Languages Spoken': host.languages,
    'Country / Time Zone': `${host.country} / ${host.timeZone}`,
    'Personality Tags': host.tags,
    'Verification Status': host.verificationStatus,
    Status: host.status,
    'Cal Link': host.calUsername ? `https://cal.com/${host.calUsername}/${host.calEventSlug}` : null,
    'Host Age Group': host.ageGroup,
    'Host Category': host.category,
  }
}

/** Rewrites photo addresses after the sandbox moved to another port. */
export function rehousePhotos(ctx: SandboxContext): void {
  for (const row of rowsOf(ctx.store, 'Hosts')) {
    const photos = row.fields['Profile Photo'] as Attachment[] | undefined
    const moved = photos?.map((photo) => {
      const path = new URL(photo.url).pathname
      return path.startsWith(photoPath) ? { ...photo, url: ctx.baseUrl + path } : photo
    })
    if (!moved || JSON.stringify(moved) === JSON.stringify(photos)) continue
    ctx.store.put(rowKind('Hosts'), row.id, { ...row, fields: { ...row.fields, 'Profile Photo': moved } })
  }
}
