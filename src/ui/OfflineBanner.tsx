import { onlineManager } from '@tanstack/react-query'
import { WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'

function useIsOnline(): boolean {
  return useSyncExternalStore(
    (notify) => onlineManager.subscribe(notify),
    () => onlineManager.isOnline(),
  )
}

export function OfflineBanner() {
  const isOnline = useIsOnline()
  return (
    <div role="status">
      {!isOnline && (
        <p
          className="flex items-center justify-center gap-2 bg-caution-soft px-4 py-2 text-center
            text-[0.9375rem] font-medium
            text-caution"
        >
          <WifiOff className="size-4 shrink-0" aria-hidden="true" />
          You're offline. What you see may be out of date.
        </p>
      )}
    </div>
  )
}
