import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Search, SearchX, X } from 'lucide-react'
import { api } from '../api/api.ts'
import { Button } from '../ui/Button.tsx'
import { HostCard, HostCardSkeleton } from './HostCard.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { TagFilter } from './TagFilter.tsx'
import { longestSearch, useHostSearch } from './host-search.ts'
import { useMe } from '../api/queries.ts'

const pageSize = 12

export default function HostSelection() {
  const { data: me } = useMe()
  const search = useHostSearch()
  const filter = {
    q: search.q,
    tags: search.tags.join(','),
    first: search.first,
    sort: search.sort,
    limit: pageSize,
  }
  const hosts = useInfiniteQuery({
    queryKey: ['hosts', 'list', filter],
    queryFn: ({ pageParam, signal }) => api.hosts({ ...filter, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  })
  const found = hosts.data?.pages.flatMap((page) => page.hosts) ?? []
  const total = hosts.data?.pages[0]?.total ?? 0
  const isFiltered = search.q !== '' || search.tags.length > 0
  const to = (hostId: string) =>
    search.bookingId ? `/bookings/${search.bookingId}/schedule?host=${hostId}` : `/plans?host=${hostId}`

  return (
    <Page
      width="wide"
      title="Choose your host"
      lead="Everyone here is verified, warm, and glad to meet you."
      back={
        search.bookingId
          ? { to: `/bookings/${search.bookingId}/schedule`, label: 'Back to times' }
          : undefined
      }
    >
      <search className="mb-7 flex flex-col gap-3.5">
        <div className="relative max-w-xl">
          <Search
            className="pointer-events-none absolute top-1/2 left-4.5 size-5 -translate-y-1/2 text-ink-faint"
            aria-hidden="true"
          />
          <input
            type="search"
            aria-label="Search hosts by name or bio"
            placeholder="Search by name or bio"
            enterKeyHint="search"
            autoComplete="off"
            maxLength={longestSearch}
            value={search.typed}
            onChange={(event) => search.type(event.target.value)}
            className="min-h-13 w-full rounded-full border border-line-strong/60 bg-surface pr-13 pl-12
              hover:border-line-strong
              focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent
              [&::-webkit-search-cancel-button]:hidden"
          />
          {search.typed !== '' && (
            <button
              type="button"
              aria-label="Clear the search"
              onClick={() => search.type('')}
              className="absolute top-1/2 right-1.5 grid size-11 -translate-y-1/2 place-items-center
                rounded-full text-ink-faint
                hover:text-ink"
            >
              <X className="size-5" aria-hidden="true" />
            </button>
          )}
        </div>
        <TagFilter chosen={search.tags} onChange={search.setTags} />
        <label className="flex items-center gap-2 text-[0.9375rem] text-ink-faint">
          Sort by
          <select
            value={search.sort}
            onChange={(event) => search.setSort(event.target.value)}
            className="min-h-11 rounded-control border border-line-strong/60 bg-surface px-3 text-ink"
          >
            <option value="name">Name</option>
            <option value="next">Free next</option>
          </select>
        </label>
      </search>
      <p role="status" className="mb-4 min-h-6 text-[0.9375rem] text-ink-faint">
        {hosts.isSuccess && `${total} ${total === 1 ? 'host' : 'hosts'}${isFiltered ? ' found' : ''}`}
      </p>
      {hosts.isPending ? (
        <div role="status" aria-label="Loading hosts" className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {Array.from({ length: 6 }, (_, index) => (
            <HostCardSkeleton key={index} />
          ))}
        </div>
      ) : hosts.isError && found.length === 0 ? (
        <Problem
          error={hosts.error}
          onRetry={() => void hosts.refetch()}
          title="The hosts didn't load"
          action={isFiltered && <Button onClick={search.clear}>Show everyone</Button>}
        />
      ) : found.length === 0 ? (
        <Notice
          icon={SearchX}
          title={isFiltered ? 'Nobody matches that' : 'No hosts just now'}
          action={
            isFiltered && (
              <Button kind="secondary" onClick={search.clear}>
                Show everyone
              </Button>
            )
          }
        >
          {isFiltered
            ? 'Try fewer tags, or another word from what a host might say.'
            : 'Please look in again a little later.'}
        </Notice>
      ) : (
        <ul
          className={`grid gap-5 transition-opacity sm:grid-cols-2 lg:grid-cols-3 ${hosts.isPlaceholderData ? 'opacity-60' : ''}`}
        >
          {found.map((host) => (
            <li key={host.id}>
              <HostCard
                host={host}
                to={to(host.id)}
                canLike={Boolean(me?.member)}
                action={search.bookingId ? "See {name}'s times" : 'Choose {name}'}
              />
            </li>
          ))}
        </ul>
      )}
      {hosts.hasNextPage && (
        <div className="mt-9 text-center">
          <Button
            kind="secondary"
            isBusy={hosts.isFetchingNextPage}
            onClick={() => void hosts.fetchNextPage()}
          >
            Show more hosts
          </Button>
        </div>
      )}
    </Page>
  )
}
