// What is wrong with a host's event type at Cal.com, in sentences that the host can act on.

/** As fetchCalEventTypeFacts answers it. */
type EventTypeFacts = {
  lengthInMinutes: number[]
  isHidden: boolean
  isForSignedIn: boolean
  offersLink: boolean
  questions: string[]
}

/** Empty where members can be booked there. `slug` names the event type, `minutes` is a session's length. */
export function calcomProblems(
  slug: string,
  eventType: EventTypeFacts | undefined,
  minutes: number,
): string[] {
  const name = `Your event type "${slug}" at Cal.com`
  if (!eventType)
    return [
      `Cal.com has no event type "${slug}" in this account. Make one, or ask us to change your Cal Link.`,
    ]
  const problems: string[] = []
  if (!eventType.lengthInMinutes.includes(minutes))
    problems.push(`${name} takes ${eventType.lengthInMinutes[0]} minutes. Set it to ${minutes}.`)
  for (const question of eventType.questions)
    problems.push(`${name} asks "${question}", which we cannot answer. Make that question optional.`)
  if (eventType.isForSignedIn)
    problems.push(`${name} can only be booked by people with an account at Cal.com. Switch that off.`)
  if (!eventType.isHidden)
    problems.push(`${name} is public, so anybody can book you without paying. Hide it.`)
  if (!eventType.offersLink)
    problems.push(`${name} offers no link as its place. Add "Link meeting" to its locations.`)
  return problems
}
