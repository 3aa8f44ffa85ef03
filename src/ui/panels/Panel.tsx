/** A section of the lab: an ink rule, its heading, a note at the right. Boxes are for measured figures and notices only. */

import { useId } from 'react';
import type { ReactNode } from 'react';
import './panels.css';

export interface PanelProps {
  readonly title: ReactNode;
  /** Unit, base or origin of what is shown. */
  readonly note?: ReactNode;
  /** Used by links that leave a panel out, and by exports. */
  readonly id?: string;
  /** A further part of the panel above: no rule of its own. */
  readonly nested?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, note, id, nested = false, children }: PanelProps) {
  const heading = useId();
  return (
    <section className={nested ? 'panel panel-nested' : 'panel'} aria-labelledby={heading} data-panel={id}>
      <h2 className="panel-head">
        <span id={heading}>{title}</span>
        {note !== undefined && <small>{note}</small>}
      </h2>
      {children}
    </section>
  );
}
