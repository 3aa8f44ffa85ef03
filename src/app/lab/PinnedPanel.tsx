import { useMemo } from 'react';
import type { ParamValue, Run, StageTensor } from '../../run/run';
import type { Field, Schema } from '../../run/schema';
import { makeScale, maxAbs, quantileAbs, type ColorScale } from '../../ui/color/scale';
import { number, percent } from '../../ui/format';
import { planAxes } from '../../ui/heatmap/axes';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import { Panel } from '../../ui/panels/Panel';
import { Sym } from '../../ui/symbol/Symbol';

interface PinnedPanelProps {
  readonly run: Run;
  readonly pinned: Run;
  readonly schema: Schema;
  readonly stage: string;
  readonly theme: 'light' | 'dark';
  readonly unpin: () => void;
}

function Picture({ stage, data, scale, theme, says }: { readonly stage: StageTensor; readonly data: Float32Array; readonly scale: ColorScale; readonly theme: 'light' | 'dark'; readonly says: string }) {
  const plan = useMemo(() => planAxes({ rows: stage.rows, cols: stage.cols }), [stage.rows, stage.cols]);
  return <figure><Heatmap data={data} rows={plan.rows} cols={plan.cols} scale={scale} theme={theme} /><figcaption>{says}</figcaption></figure>;
}

/** The chosen stage of both runs and their difference, all on one scale. */
function Pictures({ now, then, theme }: { readonly now: StageTensor; readonly then: StageTensor; readonly theme: 'light' | 'dark' }) {
  const scale = useMemo(() => makeScale('signed', Math.max(maxAbs(now.data), maxAbs(then.data)), 4 * quantileAbs(then.data, 0.5)), [now, then]);
  const same = now.rows === then.rows && now.cols === then.cols;
  const difference = useMemo(() => (same ? now.data.map((v, i) => v - then.data[i]) : undefined), [same, now, then]);
  return (
    <div className="pinned-pictures">
      <Picture stage={then} data={then.data} scale={scale} theme={theme} says="pinned" />
      <Picture stage={now} data={now.data} scale={scale} theme={theme} says="this run" />
      {difference && <Picture stage={now} data={difference} scale={scale} theme={theme} says={`this run − pinned, max ${number(maxAbs(difference))}`} />}
    </div>
  );
}

const shown = (field: Field, value: ParamValue): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off')
  : field.kind === 'choice' ? (field.options.find((option) => option.value === value)?.label ?? String(value))
  : typeof value === 'number' ? number(value) : value;

const difference = (a: unknown, b: unknown): string => (typeof a === 'number' && typeof b === 'number' ? `${b > a ? '+' : ''}${number(b - a)}` : '');

/** What both runs may have measured of a method; the measure that a lab leads with comes first. */
const MEASURED = [
  { key: 'loss', label: 'Loss', write: number },
  { key: 'weightedError', label: 'Weighted error', write: number },
  { key: 'relativeError', label: 'Error', write: (v: number) => percent(v) },
] as const;

/** One row for each method that both runs have, in groups by measure. */
function pairsOf(run: Run, pinned: Run) {
  return MEASURED.map(({ key, label, write }) => ({
    key,
    rows: run.methods.flatMap((method) => {
      const [now, before] = [method[key], pinned.methods.find(({ id }) => id === method.id)?.[key]];
      return now === undefined || before === undefined ? []
        : [{ id: method.id, label: `${label}, ${method.label}`, before: write(before), now: write(now), change: now === before ? '±0' : `${now > before ? '+' : ''}${write(now - before)}` }];
    }),
  })).filter(({ rows }) => rows.length > 0);
}

/** Two runs side by side: what was changed, what it did to losses and errors, and the chosen stage of both. */
export function PinnedPanel({ run, pinned, schema, stage, theme, unpin }: PinnedPanelProps) {
  const changed = Object.keys(schema).filter((name) => run.params[name] !== pinned.params[name]);
  const [now, then] = [run.stages[stage], pinned.stages[stage]];
  const pairs = useMemo(() => pairsOf(run, pinned), [run, pinned]);
  return (
    <div className="pinned-panel">
      <Panel title="Against the pinned run" note={<button type="button" className="button" onClick={unpin}>Unpin</button>} id="pinned">
        <div className="pinned-pair">
          <table>
            <thead><tr><th scope="col">Changed</th><th scope="col">Pinned</th><th scope="col">This run</th><th scope="col">Difference</th></tr></thead>
            <tbody>
              {changed.length === 0 && <tr><td colSpan={4}>Nothing yet</td></tr>}
              {changed.map((name) => <tr key={name}><td>{schema[name].label}</td><td>{shown(schema[name], pinned.params[name])}</td><td>{shown(schema[name], run.params[name])}</td><td>{difference(pinned.params[name], run.params[name])}</td></tr>)}
            </tbody>
            {pairs.map(({ key, rows }) => (
              <tbody key={key} data-measure={key}>
                {rows.map(({ id, label, before, now: after, change }) => <tr key={id}><td>{label}</td><td>{before}</td><td>{after}</td><td>{change}</td></tr>)}
              </tbody>
            ))}
          </table>
          {now && then && <div><p className="pinned-what"><Sym text={now.symbol} /> {now.name}, one scale</p><Pictures now={now} then={then} theme={theme} /></div>}
        </div>
      </Panel>
    </div>
  );
}
