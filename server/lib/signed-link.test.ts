import { expect, test } from 'vitest'
import { newId } from './ids.ts'
import { isLinkFor, readLink, signLink } from './signed-link.ts'

const secret = 'x'.repeat(32)
const bookingId = newId()
const personId = newId()
const token = signLink(secret, { bookingId, role: 'host', personId })

test('a link is valid only for its booking, its role and its person', () => {
  const link = readLink(token)!
  expect(link).toMatchObject({ bookingId, role: 'host' })
  expect(isLinkFor(secret, link, personId)).toBe(true)
  expect(isLinkFor(secret, link, newId())).toBe(false)
  expect(isLinkFor('y'.repeat(32), link, personId)).toBe(false)
  expect(isLinkFor(secret, { ...link, role: 'member' }, personId)).toBe(false)
  expect(isLinkFor(secret, { ...link, bookingId: newId() }, personId)).toBe(false)
})

test('a link that was changed at any character is refused', () => {
  for (let at = 0; at < token.length; at++) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    const link = readLink(changed)
    expect(link !== undefined && isLinkFor(secret, link, personId)).toBe(false)
  }
  for (const odd of ['', 'x', token.slice(1), `${token}A`, `${token}=`, 'é', token.repeat(2)])
    expect(readLink(odd)).toBeUndefined()
})
