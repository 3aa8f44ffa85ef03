import { useState } from 'react';
import type { AnyKernel } from '../../../kernels/define';
import { kernels } from '../../../kernels/registry';
import type { Run } from '../../run/run';
import { CrossCheck } from './CrossCheck';
import { KernelBench } from './KernelBench';
import './kernels.css';

interface KernelsTabProps {
  readonly run?: Run;
  readonly lab: string;
  /** Name in the link; empty: the first. */
  readonly kernel: string;
  readonly choose: (name: string) => void;
}

function List({ title, of, chosen, choose }: { readonly title: string; readonly of: readonly AnyKernel[]; readonly chosen: string; readonly choose: (name: string) => void }) {
  if (of.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {of.map(({ name }) => (
          <li key={name}><button type="button" aria-current={name === chosen ? 'true' : undefined} onClick={() => choose(name)}>{name}</button></li>
        ))}
      </ul>
    </section>
  );
}

/** Every kernel: the text that runs, open to changes, and its verdict against the oracle on this device. */
export default function KernelsTab({ run, lab, kernel, choose }: KernelsTabProps) {
  const used = new Set(run?.kernels.map((timed) => timed.kernel));
  const [own, others] = [kernels.filter(({ name }) => used.has(name)), kernels.filter(({ name }) => !used.has(name))];
  const usual = own.find(({ name }) => name.startsWith('quantize')) ?? own[0] ?? kernels[0];
  const chosen = kernels.find(({ name }) => name === kernel) ?? usual;
  // The variant and the edits belong to one kernel: another one begins anew.
  const [variant, setVariant] = useState('');
  return (
    <div className="kernels">
      <nav className="kernels-list" aria-label="Kernels">
        <List title={own.length ? 'In this lab' : ''} of={own} chosen={chosen.name} choose={choose} />
        <List title={own.length ? 'Others' : 'All kernels'} of={others} chosen={chosen.name} choose={choose} />
      </nav>
      <div className="kernels-bench">
        <KernelBench key={`${chosen.name}/${variant}`} kernel={chosen} variant={chosen.variants.find(({ id }) => id === variant) ?? chosen.variants[0]} setVariant={setVariant} />
        <CrossCheck run={run} lab={lab} />
      </div>
    </div>
  );
}
