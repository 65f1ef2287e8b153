// The prompts around a session: the operators' own, or the defaults.
import type { Db } from '../../db/client.ts'
import { firstName } from '../members/member.ts'
import { defaultTemplates } from './default-templates.ts'
import type { Prompts } from './prompts-view.ts'
import { renderTemplate } from './template.ts'

export async function readPrompts(
  db: Db,
  people: { hostName: string; memberName: string },
): Promise<Prompts> {
  const rows = await db
    .selectFrom('templates')
    .select(['name', 'body'])
    .where('isActive', '=', true)
    .where('name', 'in', ['Pre-Session Prompt', 'Conversation Starter', 'Post-Session Reflection'])
    .orderBy('airtableRecordId')
    .execute()
  const values = {
    host_name: firstName(people.hostName, 'your host'),
    member_name: firstName(people.memberName, 'there'),
  }
  const of = (name: 'Pre-Session Prompt' | 'Conversation Starter' | 'Post-Session Reflection') => {
    const bodies = rows.filter((row) => row.name === name).map((row) => row.body)
    return (bodies.length > 0 ? bodies : [defaultTemplates[name].body]).map((body) =>
      renderTemplate(body, values),
    )
  }
  return {
    preSession: of('Pre-Session Prompt'),
    starters: of('Conversation Starter'),
    reflection: of('Post-Session Reflection'),
  }
}
