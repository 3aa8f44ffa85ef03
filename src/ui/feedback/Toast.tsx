/** A short confirmation, five seconds, waiting while it is pointed at or holds the focus. Never for errors. */

import { useEffect, useRef, useState } from 'react';
import './feedback.css';

export interface ToastProps {
  /** undefined: nothing is shown, but the live region stays so that the next message is announced. */
  readonly message?: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
  readonly onDone: () => void;
  readonly milliseconds?: number;
}

export function Toast({ message, action, onDone, milliseconds = 5000 }: ToastProps) {
  const [held, hold] = useState(false);
  const finish = useRef(onDone);
  useEffect(() => { finish.current = onDone; });
  useEffect(() => {
    if (message === undefined || held) return undefined;
    const timer = setTimeout(() => finish.current(), milliseconds);
    return () => clearTimeout(timer);
  }, [message, held, milliseconds]);
  useEffect(() => { if (message === undefined) hold(false); }, [message]);

  return (
    <div role="status">
      {message !== undefined && (
        <div className="toast" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)} onFocus={() => hold(true)} onBlur={() => hold(false)}>
          <span>{message}</span>
          {action && <button type="button" onClick={() => { action.onClick(); onDone(); }}>{action.label}</button>}
        </div>
      )}
    </div>
  );
}
