import { useId, useMemo } from 'react';
import type { TensorReport } from '../../report/contract';
import { NumberControl } from '../../ui/controls/NumberControl';
import { ChoiceControl } from '../../ui/controls/ChoiceControl';
import { bits, count, percent } from '../../ui/format';
import { Marker } from '../../ui/markers/Marker';
import { Panel } from '../../ui/panels/Panel';
import { TradeoffChart } from './Charts';
import { measureName, METHODS } from './methods';
import { budgetField, DEFAULTS } from './options';
import { planFor, singles, type Plan } from './plan';
import { useReport } from './store';

const objectiveField = {
  kind: 'choice', group: 'Choice', label: 'Minimise', default: 'total', help: 'The sum of all squared errors, or each tensor’s error relative to itself.',
  options: [{ value: 'total', label: 'total' }, { value: 'relative', label: 'per tensor' }],
} as const;

/** 'Round to nearest, 4 bits' of a choice; a tensor may also be left as it is. */
const choiceName = (choice: Plan['choices'][string]): string => (choice.id === 'keep' ? 'As stored' : measureName({ id: choice.id, bits: choice.bits }));

interface Share {
  readonly name: string;
  readonly choice: Plan['choices'][string];
  readonly tensors: readonly TensorReport[];
  readonly weights: number;
}

function sharesOf(reports: readonly TensorReport[], { choices }: Plan): readonly Share[] {
  const shares = new Map<string, { choice: Plan['choices'][string]; tensors: TensorReport[]; weights: number }>();
  for (const report of reports) {
    const choice = choices[report.tensor];
    if (!choice) continue;
    const name = choiceName(choice);
    const share = shares.get(name) ?? { choice, tensors: [], weights: 0 };
    share.tensors.push(report);
    share.weights += report.matrix[0] * report.matrix[1];
    shares.set(name, share);
  }
  return [...shares].map(([name, share]) => ({ name, ...share })).sort((a, b) => b.weights - a.weights);
}

/** The budget, what it buys, and which tensor gets which method. */
export function MixPanel({ mix, curve, reports }: { readonly mix: Plan; readonly curve: readonly { readonly bitsPerWeight: number; readonly relativeError: number }[]; readonly reports: readonly TensorReport[] }) {
  const { params, choose, objective, setObjective } = useReport();
  const id = useId();
  const whole = useMemo(() => singles(reports).map((one) => ({ ...one, ...planFor(reports, one.id, one.bits) })), [reports]);
  const shares = useMemo(() => sharesOf(reports, mix), [reports, mix]);
  const weights = shares.reduce((sum, share) => sum + share.weights, 0);
  const over = mix.bitsPerWeight > params.budget + 1e-6;
  const budgetOf = (value: number): number => Math.min(budgetField.max, Math.max(budgetField.min, Math.round(value / budgetField.step) * budgetField.step));
  return (
    <Panel title="Bits where they pay" note="which tensor gets which method, for an average of bits per weight" id="mix">
      <div className="mix">
        <div className="mix-side">
          <NumberControl name="budget" field={budgetField} value={params.budget} fallback={DEFAULTS.budget} setParams={({ budget }) => { if (budget !== undefined) choose({ budget: Number(budget) }); }} resetParam={() => choose({ budget: DEFAULTS.budget })} />
          <ChoiceControl name="objective" field={objectiveField} value={objective} fallback="total" setParams={({ objective: next }) => setObjective(next === 'relative' ? 'relative' : 'total')} resetParam={() => setObjective('total')} />
          <p className="mix-result" role="status">
            {over
              ? <>Nothing that was measured fits {bits(params.budget)} bits. The smallest is <b>{bits(mix.bitsPerWeight)} bits</b>.</>
              : <><b>{percent(mix.relativeError)}</b> at <b>{bits(mix.bitsPerWeight)} bits</b> per weight{mix.optimal === false && ', within a rounding of the best'}.</>}
          </p>
        </div>
        <TradeoffChart curve={curve} single={whole} chosen={mix} budget={params.budget} pick={(at) => choose({ budget: Number(budgetOf(at).toFixed(2)) })} />
      </div>
      <table className="report-table mix-table" aria-labelledby={id}>
        <caption id={id} className="visually-hidden">Methods of the mix</caption>
        <thead><tr><th scope="col">stored as</th><th scope="col">tensors</th><th scope="col">weights %</th><th scope="col" className="left">which</th></tr></thead>
        <tbody>
          {shares.map(({ name, choice, tensors, weights: own }) => (
            <tr key={name}>
              <th scope="row"><span className="method-head">{choice.id !== 'keep' && <Marker slot={METHODS[choice.id].slot} />}{name}</span></th>
              <td>{tensors.length}</td>
              <td>{((100 * own) / weights).toFixed(1)}</td>
              <td className="left mix-which">
                {tensors.length <= 3
                  ? tensors.map((t) => t.tensor).join(', ')
                  : <details><summary>{tensors[0].tensor} and {count(tensors.length - 1, 'more', 'more')}</summary>{tensors.map((t) => t.tensor).join(', ')}</details>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
