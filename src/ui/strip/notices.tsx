import { createContext, useContext, type ReactNode } from 'react';

/** What a phone says of the run after its headline; elsewhere the page says it above the strip, and this is empty. */
export const NoticesContext = createContext<ReactNode>(null);

export function StripNotices() {
  const notices = useContext(NoticesContext);
  return notices ? <div className="strip-notices">{notices}</div> : null;
}
