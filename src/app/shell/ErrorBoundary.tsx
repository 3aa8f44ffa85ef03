import { Component, type ReactNode } from 'react';
import { NoticeBox } from '../../ui/feedback/NoticeBox';

interface Props {
  /** What cannot be drawn then: 'The lab’s view'. */
  readonly what: string;
  /** A change of it is another try. */
  readonly again?: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly error?: Error;
  readonly again?: unknown;
}

/** An error of one view is said in its place and leaves the rest of the page as it is. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { again: this.props.again };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps({ again }: Props, state: State): State | null {
    return again === state.again ? null : { again };
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
