import { Component, type ReactNode } from 'react';
import { NoticeBox } from '../../ui/feedback/NoticeBox';

interface Props {
  /** What cannot be drawn then: 'The lab’s view'. */
  readonly what: string;
  /** A change of it is another try. */
  readonly again?: unknown;
  readonly children: ReactNode;
}

/** An error of one view is said in its place and leaves the rest of the page as it is. */
export class ErrorBoundary extends Component<Props, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.error && before.again !== this.props.again) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <NoticeBox
        notice={{ level: 'failed', happened: `${this.props.what} could not be drawn (${error.message}).`, mend: 'Change a control or a preset, or load the page again.' }}
        actions={[{ label: 'Load again', onClick: () => location.reload() }]}
      />
    );
  }
}
