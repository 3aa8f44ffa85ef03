/** The sweeps of a run under tabs, one chart at a time; a running one shows how far it is. */

import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { MethodResult, Sweep } from '../../run/run';
import { Panel } from '../panels/Panel';
import { SweepChart } from './SweepChart';
import type { SweepChartProps } from './SweepChart';

export interface SweepPanelProps {
  readonly sweeps: readonly Sweep[];
  readonly methods?: readonly MethodResult[];
  readonly hero?: string;
  readonly onPick?: SweepChartProps['onPick'];
  /** Parameters that a click may set (the names of the schema); absent: all of them. */
  readonly pickable?: readonly string[];
  /** Name of the panel, where a lab has several. */
  readonly id?: string;
}

export function SweepPanel({ sweeps, methods, hero, onPick, pickable, id = 'sweeps' }: SweepPanelProps) {
  const [chosen, choose] = useState<string>();
  const ids = useId();
  const sweep = sweeps.find((s) => s.id === chosen) ?? sweeps[0];
  if (!sweep) return null;
  const running = sweep.done < sweep.total;

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (sweeps.indexOf(sweep) + step + sweeps.length) % sweeps.length;
    choose(sweeps[next].id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };

  return (
    <Panel title={sweep.title} note={running ? `${sweep.done} of ${sweep.total} points` : (sweep.note ?? 'each point is a full run')} id={id}>
      {sweeps.length > 1 && (
        // Focus lives on the tabs themselves; the list only hears their arrow keys.
        // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
        <div className="sweep-tabs" role="tablist" aria-label="Sweeps" onKeyDown={onKeyDown}>
          {sweeps.map((s) => (
            <button
              key={s.id} type="button" role="tab" id={`${ids}-${s.id}`} aria-selected={s === sweep} aria-controls={`${ids}-panel`}
              tabIndex={s === sweep ? 0 : -1} onClick={() => choose(s.id)}
            >
              {s.id[0].toUpperCase() + s.id.slice(1)}
            </button>
          ))}
        </div>
      )}
      <div id={`${ids}-panel`} {...(sweeps.length > 1 && { role: 'tabpanel', 'aria-labelledby': `${ids}-${sweep.id}` })}>
        <SweepChart key={sweep.id} sweep={sweep} methods={methods} hero={hero} onPick={!pickable || pickable.includes(sweep.param) ? onPick : undefined} />
      </div>
    </Panel>
  );
}
