/** What happened in bold, then what to do. In place, never a modal; the last result stays where it is. */

import type { Notice } from '../../run/run';
import './feedback.css';

export interface NoticeAction {
  readonly label: string;
  readonly onClick: () => void;
}

export interface NoticeBoxProps {
  readonly notice: Notice;
  /** At most two; the first is drawn as the one to take. */
  readonly actions?: readonly [] | readonly [NoticeAction] | readonly [NoticeAction, NoticeAction];
  /** Where there is more to read, as a link at the sentence's end. */
  readonly more?: { readonly label: string; readonly href: string };
}

export function NoticeBox({ notice: { level, happened, mend }, actions = [], more }: NoticeBoxProps) {
  return (
    <div className={`notice notice-${level}`} role={level === 'failed' ? 'alert' : 'status'} data-notice={level}>
      <p><b>{happened}</b> {mend}{more && <> <a href={more.href}>{more.label}</a></>}</p>
      {actions.length > 0 && (
        <p className="notice-actions">
          {actions.map((action, i) => (
            <button key={action.label} type="button" className={i ? 'button' : 'button button-outline'} onClick={action.onClick}>{action.label}</button>
          ))}
        </p>
      )}
    </div>
  );
}
