// The tags by which members filter hosts. Pages load this list, so it stands alone.

export const personalityTags = [
  'Calm',
  'Outgoing',
  'Empathetic',
  'Analytical',
  'Funny',
  'Motivator',
  'Listener',
] as const
export type PersonalityTag = (typeof personalityTags)[number]
