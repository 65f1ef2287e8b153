import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { DayPicker } from 'react-day-picker'
import { cellOf, keyOf } from './free-times.ts'
import { nextDay } from './next-day.ts'
import { dayKey } from '../words/format.ts'
import { locale, weekStart } from '../words/locale.ts'

type Props = {
  month: Date
  onMonth: (month: Date) => void
  chosen: string | undefined
  onChoose: (key: string) => void
  /** The days of this month that have times, in order. */
  freeDays: readonly string[]
  isLoading: boolean
  now: Date
  validUntil: Date
  timeZone: string
}

const intl = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), options)

/** The first day of the week of `cell`. */
function weekOf(cell: Date): Date {
  const back = (cell.getDay() - weekStart() + 7) % 7
  return new Date(cell.getFullYear(), cell.getMonth(), cell.getDate() - back)
}

const arrow = `grid size-11 place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink
  aria-disabled:opacity-30 aria-disabled:hover:bg-transparent`

const dayButton = `mx-auto grid size-11 place-items-center rounded-full font-semibold text-ink bg-accent-soft/80 transition-colors tabular
  hover:bg-accent hover:text-accent-ink`

const withoutTimes = `[&>button]:bg-transparent [&>button]:font-normal [&>button]:text-ink-faint/70
  [&>button]:hover:bg-transparent [&>button]:hover:text-ink-faint/70`

export function MonthPicker({
  month,
  onMonth,
  chosen,
  onChoose,
  freeDays,
  isLoading,
  now,
  validUntil,
  timeZone,
}: Props) {
  const free = new Set(freeDays)
  const first = cellOf(dayKey(now, timeZone))
  const last = cellOf(dayKey(validUntil, timeZone))
  const box = useRef<HTMLDivElement>(null)
  const wanted = useRef<'first' | 'last'>(undefined)
  const focusDay = (key: string) =>
    box.current?.querySelector<HTMLElement>(`[data-day="${key}"] button`)?.focus()

  // After a turn by key the focus waits on the month itself, until its days are known.
  useEffect(() => {
    if (!wanted.current || isLoading || document.activeElement !== box.current) return
    const day = wanted.current === 'first' ? freeDays[0] : freeDays.at(-1)
    wanted.current = undefined
    if (day) focusDay(day)
  }, [isLoading, freeDays])

  function onKey(event: KeyboardEvent) {
    const target = event.target as HTMLElement
    const cell = target.closest<HTMLElement>('[data-day]')
    if (!cell && target !== box.current) return
    const isTurn = event.shiftKey && event.key.startsWith('Arrow')
    const key = isTurn ? (/Right|Down/.test(event.key) ? 'PageDown' : 'PageUp') : event.key
    const step = nextDay(key, cell?.dataset['day'], freeDays)
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    if ('day' in step) return focusDay(step.day)
    const next = new Date(month.getFullYear(), month.getMonth() + step.turn, 1)
    if (next > last || next < new Date(first.getFullYear(), first.getMonth(), 1)) return
    wanted.current = step.to
    box.current?.focus({ preventScroll: true })
    onMonth(next)
  }

  return (
    // The days in it are buttons; the month itself only keeps the focus while they are loaded.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={box} tabIndex={-1} onKeyDownCapture={onKey} className="rounded-card outline-offset-4">
      <DayPicker
        mode="single"
        required
        navLayout="around"
        month={month}
        onMonthChange={onMonth}
        selected={chosen ? cellOf(chosen) : undefined}
        onSelect={(cell) => onChoose(keyOf(cell))}
        disabled={(cell) => !free.has(keyOf(cell))}
        hidden={{ before: weekOf(cellOf(dayKey(now, timeZone))) }}
        startMonth={first}
        endMonth={last}
        today={cellOf(dayKey(now, timeZone))}
        weekStartsOn={weekStart()}
        formatters={{
          formatCaption: (cell) => intl({ month: 'long', year: 'numeric' }).format(cell),
          formatWeekdayName: (cell) => intl({ weekday: 'narrow' }).format(cell),
        }}
        labels={{
          labelDayButton: (cell, { selected }) =>
            `${intl({ weekday: 'long', day: 'numeric', month: 'long' }).format(cell)}${selected ? ', chosen' : ''}`,
          labelWeekday: (cell) => intl({ weekday: 'long' }).format(cell),
          labelNext: () => 'Next month',
          labelPrevious: () => 'Previous month',
        }}
        components={{
          Chevron: ({ orientation }) =>
            orientation === 'left' ? (
              <ChevronLeft className="size-5" aria-hidden="true" />
            ) : (
              <ChevronRight className="size-5" aria-hidden="true" />
            ),
        }}
        classNames={{
          root: 'w-full',
          months: 'w-full',
          month: 'grid w-full grid-cols-[auto_1fr_auto] items-center',
          month_caption: 'text-center text-lg font-semibold tracking-[-0.015em]',
          button_previous: arrow,
          button_next: arrow,
          month_grid: `col-span-3 mt-2 w-full table-fixed border-collapse ${isLoading ? 'animate-pulse' : ''}`,
          weekday: 'pb-1 text-sm font-medium text-ink-faint',
          // Weeks that are completely over are left out, so that days to choose come first.
          week: 'not-has-[button]:hidden',
          day: 'p-0.5 text-center',
          day_button: dayButton,
          disabled: withoutTimes,
          selected: '[&>button]:bg-accent! [&>button]:text-accent-ink!',
          today: '[&>button]:underline [&>button]:decoration-2 [&>button]:underline-offset-4',
          outside: 'opacity-0',
        }}
      />
    </div>
  )
}
