// What others see of somebody who has deleted their account.

export const formerMember = 'A former member'
export const formerHost = 'A former host'

/** Their name is no name, so it has no first word. */
export function isFormer(fullName: string): boolean {
  return fullName === formerMember || fullName === formerHost
}
