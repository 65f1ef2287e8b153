// A host's free times in the member's zone: a month, the times of a day, and one clear button that books.
import { useQuery } from '@tanstack/react-query'
import { Zap } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { SlotsOf } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import { hourMs, minuteMs, now, useNow } from '../words/clock.ts'
import { day, dayKey, firstName, midSentence, when, zoneLabel } from '../words/format.ts'
import { byDay, cellOf, monthWindow } from './free-times.ts'
import { slotsQuery, useZone } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { CalendarDown, NoFreeTimes, Refused } from './CalendarNotices.tsx'
import { Card } from '../ui/Card.tsx'
import { ChosenTime } from './ChosenTime.tsx'
import { DayTimes, TimesSkeleton } from './DayTimes.tsx'
import { MonthPicker } from './MonthPicker.tsx'
import { Problem } from '../ui/Notice.tsx'
import { ZonePicker } from '../ui/ZonePicker.tsx'
import { usePrefetchedMonth } from './use-prefetched-month.ts'

type Props = {
  host: { id: string; fullName: string }
  asked: SlotsOf
  /** The zone in which times are shown; the viewer's own by default. */
  timeZone?: string
  validUntil: string
  /** Hides times that start sooner than this. */
  leadHours?: number | undefined
  confirmLabel: string
  isBooking: boolean
  /** Why the last attempt was refused, if it was. */
  refusal: unknown
  onConfirm: (start: string) => void
  /** A start was chosen but not confirmed yet. */
  onChoose?: (start: string) => void
  /** Path to other hosts, where this session may be held with another one. */
  otherHostsPath: string | undefined
  /** Where the session is not used yet: offered when there is no time to choose. */
  onRefund?: (() => void) | undefined
}

const stepMs = 5 * minuteMs

const monthOf = (cell: Date) => new Date(cell.getFullYear(), cell.getMonth(), 1)

export function BookingCalendar({
  host,
  asked,
  timeZone,
  validUntil,
  leadHours = 0,
  confirmLabel,
  isBooking,
  refusal,
  onConfirm,
  otherHostsPath,
  onRefund,
  onChoose,
}: Props) {
  const ownZone = useZone()
  const zone = timeZone ?? ownZone
  const until = new Date(validUntil)
  // Advances while the page stays open, in steps that limit the number of requests.
  const openedAt = new Date(Math.floor(useNow(minuteMs).getTime() / stepMs) * stepMs)
  const thisMonth = monthOf(cellOf(dayKey(openedAt, zone)))
  const [wantedMonth, setMonth] = useState(thisMonth)
  // A page that stays open moves on into the next month.
  const month = wantedMonth < thisMonth ? thisMonth : wantedMonth
  const [hasTurned, setTurned] = useState(false)
  const [wantedDay, setWantedDay] = useState<string>()
  const [start, setStart] = useState<string>()
  const range = monthWindow(month, openedAt, until)
  const slots = useQuery({
    ...slotsQuery(asked, range?.from ?? openedAt, range?.to ?? openedAt, zone),
    enabled: range !== null,
  })
  const earliest = leadHours === 0 ? 0 : openedAt.getTime() + leadHours * hourMs + 2 * stepMs
  const isUsable = (one: string) => Date.parse(one) < until.getTime() && Date.parse(one) >= earliest
  const days = byDay((slots.data?.slots.map((slot) => slot.start) ?? []).filter(isUsable), zone, until, month)
  const firstDay = [...days.keys()][0]
  const chosenDay = wantedDay && days.has(wantedDay) ? wantedDay : firstDay
  const nextFree = firstDay ? days.get(firstDay)?.[0] : undefined
  const isFirstMonth = month.getTime() === thisMonth.getTime()
  const lastMonth = monthOf(cellOf(dayKey(until, zone)))
  const isEmpty = slots.isSuccess && !slots.isPlaceholderData && days.size === 0

  // Turns to the next month where this one has no free times.
  useEffect(() => {
    if (isEmpty && !hasTurned && month < lastMonth)
      setMonth(new Date(month.getFullYear(), month.getMonth() + 1, 1))
  }, [isEmpty, hasTurned, month, lastMonth])

  // After a refusal, show which times are really free.
  const { refetch } = slots
  useEffect(() => {
    if (!refusal) return
    setStart(undefined)
    void refetch()
  }, [refusal, refetch])

  // The chosen time was taken by somebody else, or has passed, while the page was open.
  const isGone =
    start !== undefined &&
    slots.isSuccess &&
    !slots.isPlaceholderData &&
    !isBooking &&
    ![...days.values()].some((starts) => starts.includes(start))
  useEffect(() => {
    if (isGone) setStart(undefined)
  }, [isGone])

  usePrefetchedMonth(
    asked,
    new Date(month.getFullYear(), month.getMonth() + 1, 1),
    openedAt,
    until,
    zone,
    slots.isSuccess,
  )

  const choose = (next: string) => {
    setStart(next)
    onChoose?.(next)
  }
  const chooseNear = (next: string) => {
    setMonth(monthOf(cellOf(dayKey(next, zone))))
    setWantedDay(dayKey(next, zone))
    choose(next)
  }
  const name = firstName(host.fullName)
  if (slots.error && !slots.data) {
    const isCalendarDown = slots.error instanceof ApiProblem && slots.error.code === 'calendar_unavailable'
    if (!isCalendarDown)
      return (
        <Problem error={slots.error} onRetry={() => void slots.refetch()} title="The times didn't load" />
      )
    return (
      <CalendarDown
        host={host}
        zone={zone}
        otherHostsPath={otherHostsPath}
        onRefund={onRefund}
        isLooking={slots.isFetching}
        onLook={() => void slots.refetch()}
      />
    )
  }
  if (isEmpty && month.getTime() >= lastMonth.getTime() && !hasTurned) {
    return (
      <NoFreeTimes
        name={name}
        until={when(validUntil, zone, now())}
        otherHostsPath={otherHostsPath}
        onRefund={onRefund}
        isLooking={slots.isFetching}
        onLook={() => void slots.refetch()}
      />
    )
  }

  return (
    <div>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        {timeZone ? (
          <p className="text-[0.9375rem] text-ink-faint">{zoneLabel(zone, now())}</p>
        ) : (
          <ZonePicker />
        )}
        {nextFree && (isFirstMonth || !hasTurned) && (
          <Button
            kind="secondary"
            size="small"
            onClick={() => {
              setWantedDay(firstDay)
              choose(nextFree)
            }}
          >
            <Zap aria-hidden="true" /> Next free: {midSentence(when(nextFree, zone, now()))}
          </Button>
        )}
      </div>
      {refusal ? <Refused refusal={refusal} zone={zone} isUsable={isUsable} onChoose={chooseNear} /> : null}
      <Card className="p-4 sm:p-6 md:grid md:grid-cols-[minmax(19rem,22rem)_1fr] md:gap-8">
        <MonthPicker
          month={month}
          onMonth={(next) => {
            setTurned(true)
            setMonth(next)
          }}
          chosen={chosenDay}
          onChoose={(key) => {
            setWantedDay(key)
            setStart(undefined)
          }}
          freeDays={[...days.keys()]}
          isLoading={slots.isPending || slots.isPlaceholderData}
          now={openedAt}
          validUntil={until}
          timeZone={zone}
        />
        <div
          className="mt-5 min-h-64 border-t border-line pt-5 md:mt-0 md:border-t-0 md:border-l md:pt-1
          md:pl-8"
        >
          {slots.isPending || (slots.isPlaceholderData && !chosenDay) ? (
            <TimesSkeleton />
          ) : chosenDay ? (
            <>
              <h2 className="mb-3 text-lg" aria-live="polite">
                {day(days.get(chosenDay)![0]!, zone, now())}
              </h2>
              <DayTimes starts={days.get(chosenDay)!} timeZone={zone} chosen={start} onChoose={choose} />
            </>
          ) : (
            <p className="text-ink-soft">No free times in this month.</p>
          )}
        </div>
      </Card>
      {start && (
        <ChosenTime start={start} zone={zone} hostZone={slots.data?.timeZone} name={name}>
          <Button className="flex-1 sm:flex-none" isBusy={isBooking} onClick={() => onConfirm(start)}>
            {confirmLabel}
          </Button>
        </ChosenTime>
      )}
    </div>
  )
}
