// The text messages that a member or a host may get, by the operators' own list of templates.
import type { Db } from '../../db/client.ts'
import { isMarketing } from './message.ts'
import { messageKinds } from './message-kinds.ts'
import type { MessageKinds } from './message-kinds-view.ts'
import { readUsedTemplates } from './read-message-facts.ts'
import { templateNames } from './default-templates.ts'

export async function listMessageKinds(
  db: Db,
  who: { member: unknown; host: unknown },
): Promise<MessageKinds> {
  const templates = await readUsedTemplates(db, [...templateNames])
  return {
    kinds: templateNames.flatMap((name) => {
      const kind = messageKinds[name]
      const isTheirs = kind && (kind.to === 'both' || (kind.to === 'member' ? who.member : who.host))
      if (!isTheirs || !templates.get(name)?.isForSms) return []
      return { name, when: kind.when, isOptional: isMarketing(name) }
    }),
  }
}
