import { Leaf, RotateCw } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'

/**
 * The last resort: a failed page says so kindly and offers a fresh start. A change of `resetKey` tries again.
 */
export class ErrorBoundary extends Component<
  { children: ReactNode; resetKey: string },
  { hasFailed: boolean }
> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override componentDidUpdate(before: { resetKey: string }) {
    if (this.state.hasFailed && before.resetKey !== this.props.resetKey) this.setState({ hasFailed: false })
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <Notice
        role="alert"
        icon={Leaf}
        title="This page lost its thread"
        action={
          <Button onClick={() => window.location.reload()}>
            <RotateCw aria-hidden="true" /> Reload the page
          </Button>
        }
      >
        Nothing you did is lost. Reloading usually puts it right.
      </Notice>
    )
  }
}
