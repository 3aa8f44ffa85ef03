/** "How dense is it?": the density of any setting, from clusters and map alone, before any attention is computed. */

import { useRef, useState, type KeyboardEvent } from 'react';

import type { Landscape, ParamValue } from '../../run/run';
import { percent } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { Sym } from '../../ui/symbol/Symbol';

interface DensityTableProps {
  /** `error` of its points is the density. */
  readonly landscapes: readonly (Landscape | undefined)[];
  readonly onPick: (patch: Readonly<Record<string, ParamValue>>) => void;
}

const WORDS: Readonly<Record<string, { symbol: string; name: string; tab: string; show: (v: number) => string }>> = {
  keyClusters: { symbol: 'C_k', name: 'key clusters', tab: 'Key clusters', show: String },
  minKept: { symbol: '', name: 'minimum kept', tab: 'Minimum kept', show: (v) => `${v} %` },
  topP: { symbol: 'p', name: 'top-p', tab: '', show: String },
};

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
const wayOf = (key: string): readonly [number, number] | undefined =>
  ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const)[key];

function Table({ landscape: { points, xParam, yParam, current }, onPick }: { readonly landscape: Landscape; readonly onPick: DensityTableProps['onPick'] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [columns, rows] = [distinct(points.map((p) => p.x)), distinct(points.map((p) => p.y)).reverse()];
  const at = (x: number, y: number): number | undefined => points.find((p) => p.x === x && p.y === y)?.error;
  const nearest = (values: readonly number[], to: number): number => values.reduce((best, v, i) => (Math.abs(v - to) < Math.abs(values[best]! - to) ? i : best), 0);
  const [focus, setFocus] = useState<readonly [number, number]>();
  const [fx, fy] = focus ?? [nearest(columns, current.x), nearest(rows, current.y)];
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = wayOf(event.key);
    if (!way) return;
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
    const next = [Math.max(0, Math.min(columns.length - 1, fx + way[0])), Math.max(0, Math.min(rows.length - 1, fy + way[1]))] as const;
    setFocus(next);
    body.current?.rows[next[1]]?.cells[next[0] + 1]?.querySelector('button')?.focus();
  };
  const [across, down] = [WORDS[xParam]!, WORDS[yParam]!];
  return (
    <table className="density-table">
      <caption className="visually-hidden">Density by {across.name} and {down.name}; choose a cell to set both</caption>
      <thead>
        <tr>
          <th scope="col"><Sym text={down.symbol} /></th>
          {columns.map((x) => <th key={x} scope="col">{across.show(x)}</th>)}
        </tr>
      </thead>
      {/* Focus lives on the cells; the body only hears their arrow keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <tbody ref={body} onKeyDown={onKeyDown}>
        {rows.map((y, j) => (
          <tr key={y}>
            <th scope="row">{down.show(y)}</th>
            {columns.map((x, i) => {
              const density = at(x, y);
              const here = x === current.x && y === current.y;
              return (
                <td key={x}>
                  {density !== undefined && (
                    <button
                      type="button" tabIndex={i === fx && j === fy ? 0 : -1} aria-current={here || undefined} onFocus={() => setFocus([i, j])}
                      aria-label={`${percent(density, 1)} at ${across.show(x)} ${across.name}, ${down.name} ${down.show(y)}`}
                      onClick={() => onPick({ [xParam]: x, [yParam]: y })}
                    >
                      <i style={{ width: `${100 * density}%` }} />
                      <span>{(100 * density).toFixed(density >= 0.0995 ? 0 : 1)}</span>
                    </button>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function DensityTable({ landscapes, onPick }: DensityTableProps) {
  const [chosen, choose] = useState(0);
  const there = landscapes.filter((l): l is Landscape => l !== undefined && l.points.length > 0);
  const shown = there[chosen] ?? there[0];
  if (!shown) return null;
  const across = WORDS[shown.xParam]!;
  return (
    <Panel title="How dense is it?" note={shown.done < shown.total ? `${shown.done} of ${shown.total} settings` : 'from clusters and map, before any attention'} id="density">
      {there.length > 1 && (
        <div className="sweep-tabs" role="group" aria-label="Against">
          {there.map((l, i) => <button key={l.id} type="button" aria-pressed={l === shown} onClick={() => choose(i)}>{WORDS[l.xParam]!.tab}</button>)}
        </div>
      )}
      <p className="sweep-axis-words">density, % of the pairs, against {across.name} {across.symbol && <Sym text={across.symbol} />} and <Sym text="p" /></p>
      <Table key={shown.id} landscape={shown} onPick={onPick} />
      <p className="sub">Choose a cell to run it. Density depends on the data: it takes clustering, but no attention.</p>
    </Panel>
  );
}
