// A dialog that is a sheet from below on a phone and a card in the middle on a desk.
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'

type Props = {
  title: string
  isTitleHidden?: boolean
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
  width?: 'normal' | 'wide'
  /** For the video session, which is always dark. */
  isNight?: boolean
}

/**
 * Open while rendered; the page decides whether to render it. Escape, the backdrop and the cross close it.
 */
export function Sheet({
  title,
  isTitleHidden = false,
  onClose,
  children,
  footer,
  width = 'normal',
  isNight = false,
}: Props) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop
          className={`fixed inset-0 z-40 min-h-dvh bg-veil backdrop-blur-[2px] transition-opacity duration-200
            data-ending-style:opacity-0 data-starting-style:opacity-0 ${isNight ? 'night' : ''}`}
        />
        <Dialog.Popup
          ref={popup}
          initialFocus={popup}
          className={`fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-[1.75rem] bg-surface text-ink shadow-float
            transition duration-250 ease-out focus:outline-none data-starting-style:translate-y-8
            data-starting-style:opacity-0
            sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[calc(100%-3rem)] sm:-translate-x-1/2
            sm:-translate-y-1/2 sm:rounded-[1.75rem]
            sm:data-starting-style:-translate-y-[48%] ${width === 'wide' ? 'sm:max-w-2xl' : 'sm:max-w-lg'} ${isNight ? 'night' : ''}`}
        >
          <div
            className={`flex items-start justify-between gap-4 pt-5 pr-4 pl-6 ${isTitleHidden ? 'absolute top-0 right-0' : 'pb-2'}`}
          >
            <Dialog.Title className={isTitleHidden ? 'sr-only' : 'pt-1.5 text-[1.375rem]'}>
              {title}
            </Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-11 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-sunken
                hover:text-ink"
            >
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-6 pt-1 pb-6">{children}</div>
          {footer && (
            <div
              className="flex flex-col gap-2.5 border-t border-line px-6 pt-4
                pb-[max(1.25rem,env(safe-area-inset-bottom))]
                sm:flex-row-reverse sm:justify-start"
            >
              {footer}
            </div>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
