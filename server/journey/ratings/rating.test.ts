import { describe, expect, it } from 'vitest'
import { isRatingVisible } from './rating.ts'

const createdAt = new Date('2027-02-01T10:00:00.000Z')

describe('a rating', () => {
  it('stays hidden from the other for seven days', () => {
    expect(isRatingVisible({ createdAt }, false, createdAt)).toBe(false)
    expect(isRatingVisible({ createdAt }, false, new Date('2027-02-08T09:59:59.999Z'))).toBe(false)
    expect(isRatingVisible({ createdAt }, false, new Date('2027-02-08T10:00:00.000Z'))).toBe(true)
  })

  it('is seen at once when both have rated', () => {
    expect(isRatingVisible({ createdAt }, true, createdAt)).toBe(true)
  })
})
