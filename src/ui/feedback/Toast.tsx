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

function Message({ message, action, onDone, milliseconds = 5000 }: ToastProps) {
  const [held, hold] = useState(false);
  const finish = useRef(onDone);
  useEffect(() => { finish.current = onDone; });
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => finish.current(), milliseconds);
    return () => clearTimeout(timer);
  }, [held, milliseconds]);

  return (
    <div className="toast" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)} onFocus={() => hold(true)} onBlur={() => hold(false)}>
      <span>{message}</span>
      {action && <button type="button" onClick={() => { action.onClick(); onDone(); }}>{action.label}</button>}
    </div>
  );
}

export function Toast(props: ToastProps) {
  return <output className="toast-region">{props.message !== undefined && <Message key={props.message} {...props} />}</output>;
}
