import { useEffect, useId, useRef, type ReactNode } from 'react';

/** The browser's own modal dialog: it keeps the focus inside, and Escape closes it. */
export function Dialog({ title, close, className, children }: { readonly title: string; readonly close: () => void; readonly className?: string; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={dialog} className={className} aria-labelledby={heading} onClose={close}>
      <h2 id={heading}>{title}</h2>
      {children}
      <form method="dialog"><button type="submit" className="button button-outline">Close</button></form>
    </dialog>
  );
}
