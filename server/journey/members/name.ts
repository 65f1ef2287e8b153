// What may be somebody's name. It is shown to others and goes out in text messages.
import { firstLink } from '../../lib/link.ts'
import { visibleText } from '../../lib/visible-text.ts'

/** The name as it is kept, or a sentence for whoever typed it. */
export function readName(typed: string): { name: string } | { problem: string } {
  const name = visibleText(typed)
  if (!/\p{L}/u.test(name)) return { problem: 'Please tell us your name, in letters that can be seen.' }
  if (isLinkable(name))
    return {
      problem: 'A phone would make a link of this name. Please write it without an address or a number.',
    }
  return { name }
}

/** Whether a phone would make a link of it in a text message. */
export function isLinkable(name: string): boolean {
  return firstLink(name) !== undefined
}
