/** The table behind a chart: the same numbers for a reader who does not see the picture, and for copying. */

import { useId } from 'react';
import type { ReactNode } from 'react';

export interface NumbersTableProps {
  readonly caption: string;
  readonly columns: readonly ReactNode[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly ReactNode[])[];
}

export function NumbersTable({ caption, columns, rows }: NumbersTableProps) {
  const id = useId();
  return (
    <details className="numbers" data-export="omit">
      <summary>
        Numbers<span className="visually-hidden">: {caption}</span>
      </summary>
      {/* The scrolling box takes the focus, so that the keyboard can move it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="numbers-box" tabIndex={0} aria-labelledby={id}>
        <table>
          <caption id={id} className="visually-hidden">{caption}</caption>
          <thead>
            {/* Position is the identity of a column and of a row here. */}
            <tr>{columns.map((column, i) => <th key={i} scope="col">{column}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j}>{cell}</td>))}</tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
