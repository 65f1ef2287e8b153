import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { SlotsOf } from '../api/api.ts'
import { monthWindow } from './free-times.ts'
import { slotsQuery } from '../api/queries.ts'

/** Loads the free times of `month` before anybody turns to it, once those shown have arrived (`isReady`). */
export function usePrefetchedMonth(
  asked: SlotsOf,
  month: Date,
  openedAt: Date,
  until: Date,
  zone: string,
  isReady: boolean,
): void {
  const client = useQueryClient()
  const range = monthWindow(month, openedAt, until)
  const key = range && isReady ? `${range.from.toISOString()} ${range.to.toISOString()}` : ''
  useEffect(() => {
    const [from, to] = key.split(' ')
    if (from && to) void client.prefetchQuery(slotsQuery(asked, new Date(from), new Date(to), zone))
  }, [key, asked, zone, client])
}
