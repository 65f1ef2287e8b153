import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect } from 'react'
import { showNotes } from './toasts.ts'

const manager = Toast.createToastManager()

function Notes() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => {
    const isBad = toast.type === 'bad'
    const Icon = isBad ? CircleAlert : CircleCheck
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="rise pointer-events-auto mt-2 rounded-control border border-line bg-surface shadow-float
          transition-opacity
          data-ending-style:opacity-0 data-limited:hidden"
      >
        <Toast.Content className="flex items-center gap-3 py-1.5 pr-1.5 pl-4">
          <Icon className={`size-5 shrink-0 ${isBad ? 'text-danger' : 'text-accent'}`} aria-hidden="true" />
          <Toast.Title className="min-w-0 flex-1 py-2 text-[0.975rem] leading-snug font-medium" />
          <Toast.Close
            aria-label="Dismiss"
            className="grid size-11 place-items-center rounded-full text-ink-faint hover:bg-sunken"
          >
            <X className="size-4.5" aria-hidden="true" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    )
  })
}

export default function Toasts() {
  useEffect(
    () =>
      showNotes(({ title, tone }) =>
        manager.add({
          title,
          type: tone,
          priority: tone === 'bad' ? 'high' : 'low',
          timeout: tone === 'bad' ? 8000 : 5000,
        }),
      ),
    [],
  )
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          className="pointer-events-none fixed inset-x-4 top-[calc(4.25rem+env(safe-area-inset-top))] z-60
            mx-auto max-w-md
            outline-none sm:top-auto sm:right-6 sm:bottom-6 sm:left-auto sm:mx-0 sm:w-md"
        >
          <Notes />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
