/** What the paper published and what this run measured: two boxes of different make, and never one chart. */

import { useId } from 'react';
import { Rich } from '../symbol/Symbol';
import './panels.css';

export interface Figure {
  readonly label: string;
  readonly value: string;
  /** Where it stands, or which run it comes from. */
  readonly where: string;
}

function FigureBox({ kind, title, items }: { readonly kind: 'says' | 'measured'; readonly title: string; readonly items: readonly Figure[] }) {
  const heading = useId();
  return (
    <section className={`figures figures-${kind}`} aria-labelledby={heading} data-panel={kind}>
      <h2 id={heading}>{title}</h2>
      <dl>
        {items.map((item) => (
          <div key={item.label}>
            <dt><Rich text={item.label} /><small>{item.where}</small></dt>
            <dd>{item.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Published figures; nothing at all where none was verified. */
export const PaperSays = ({ figures }: { readonly figures: readonly Figure[] }) =>
  figures.length ? <FigureBox kind="says" title="The paper says" items={figures} /> : null;

/** Figures of this run, each naming it. */
export const MeasuredHere = ({ items }: { readonly items: readonly Figure[] }) =>
  items.length ? <FigureBox kind="measured" title="Measured here" items={items} /> : null;
