import { expect, test } from 'vitest'
import { matchIds } from './airtable-ids.ts'

test('a renamed field keeps our name, and a deleted field is found again by its name', () => {
  const known = matchIds({}, [
    { id: 'fld1', name: 'Full Name' },
    { id: 'fld2', name: 'Email' },
  ])
  expect(known).toEqual({ 'Full Name': 'fld1', Email: 'fld2' })
  const renamed = matchIds(known, [
    { id: 'fld1', name: 'Name' },
    { id: 'fld3', name: 'Full Name' },
    { id: 'fld4', name: 'Email' },
  ])
  expect(renamed).toEqual({ 'Full Name': 'fld1', Email: 'fld4' })
})
