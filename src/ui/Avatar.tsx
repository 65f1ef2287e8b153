import { useState } from 'react'
import { initials } from '../words/format.ts'

const sizes = {
  small: 'size-10 text-sm',
  medium: 'size-14 text-lg',
  large: 'size-20 text-2xl',
  huge: 'size-28 text-4xl',
}

type Props = {
  fullName: string
  photoUrl?: string | null | undefined
  size?: keyof typeof sizes
  className?: string
}

/** A face, or the initials without one. The name stands beside it, so screen readers skip it. */
export function Avatar({ fullName, photoUrl, size = 'medium', className = '' }: Props) {
  const [isBroken, setBroken] = useState(false)
  const shape = `shrink-0 rounded-full bg-accent-soft object-cover ${sizes[size]} ${className}`
  if (photoUrl && !isBroken) {
    return (
      <img
        src={photoUrl}
        alt=""
        loading="lazy"
        decoding="async"
        className={shape}
        onError={() => setBroken(true)}
      />
    )
  }
  return (
    <span
      aria-hidden="true"
      className={`${shape} inline-grid place-items-center font-semibold text-accent-on-soft`}
    >
      {initials(fullName)}
    </span>
  )
}
