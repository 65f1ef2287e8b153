import { Compass } from 'lucide-react'
import { ButtonLink } from './Button.tsx'
import { Notice } from './Notice.tsx'
import { usePageTitle } from './Page.tsx'

export default function NotFound() {
  usePageTitle('Page not found')
  return (
    <div className="pt-10">
      <h1 className="sr-only">Page not found</h1>
      <Notice
        icon={Compass}
        title="There's nothing at this address"
        action={
          <>
            <ButtonLink to="/">Go home</ButtonLink>
            <ButtonLink to="/host-selection" kind="secondary">
              See the hosts
            </ButtonLink>
          </>
        }
      >
        The link may be old, or a letter went missing on the way.
      </Notice>
    </div>
  )
}
