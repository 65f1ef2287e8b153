import { Leaf, RotateCw } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'

type Props = {
  children: ReactNode
  resetKey: string
  /** Called instead of showing anything, for a part whose failure must leave the page as it is. */
  onFailed?: () => void
}

/**
 * The last resort: a failed page says so kindly and offers a fresh start. A change of `resetKey` tries again.
 */
export class ErrorBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override componentDidCatch() {
    this.props.onFailed?.()
  }

  override componentDidUpdate(before: Props) {
    if (this.state.hasFailed && before.resetKey !== this.props.resetKey) this.setState({ hasFailed: false })
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    if (this.props.onFailed) return null
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
