import { useState } from 'react';
import type { Run } from '../../run/run';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { number } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { Sym } from '../../ui/symbol/Symbol';
import type { Product } from '../../crosscheck/tfjs';

interface Checkable {
  readonly label: string;
  readonly product: Product;
  readonly ours: Float32Array;
}
const products = import.meta.glob<{ checkableProducts: (run: Run) => readonly Checkable[] }>('../../papers/*/crosscheck.ts');

type Result = { readonly label: string; readonly relativeDifference: number; readonly by: string };

/** The run's own products, computed a second time by a library that shares no code with this page. */
export function CrossCheck({ run, lab }: { readonly run?: Run; readonly lab: string }) {
  const [state, setState] = useState<'idle' | 'busy' | { readonly failed: string } | readonly Result[]>('idle');
  const load = products[`../../papers/${lab}/crosscheck.ts`];
  if (!load) return null;
  const check = async (of: Run): Promise<void> => {
    setState('busy');
    try {
      const [{ checkableProducts }, { crossCheckProduct }] = await Promise.all([load(), import('../../crosscheck/tfjs')]);
      const results: Result[] = [];
      for (const { label, product, ours } of checkableProducts(of)) results.push({ label, ...(await crossCheckProduct(product, ours)) });
      setState(results);
    } catch (error) {
      setState({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <Panel title="A second opinion" note="TensorFlow.js, loaded when asked for" nested>
      <p className="kernel-source">The products of this run, computed again from its tensors by a library that shares no code with this page.</p>
      {Array.isArray(state) && (
        <table className="kernel-table">
          <thead><tr><th scope="col">Product</th><th scope="col">Computed again by</th><th scope="col">Relative difference</th></tr></thead>
          <tbody>{(state as readonly Result[]).map(({ label, by, relativeDifference }) => <tr key={label}><td><Sym text={label} /></td><td>{by}</td><td className="kernel-number">{number(relativeDifference)}</td></tr>)}</tbody>
        </table>
      )}
      {typeof state === 'object' && 'failed' in state && <NoticeBox notice={{ level: 'failed', happened: 'TensorFlow.js did not compute the products.', mend: state.failed }} />}
      <p className="kernel-actions"><button type="button" className="button button-outline" disabled={!run || state === 'busy'} onClick={() => run && void check(run)}>{state === 'busy' ? 'Computing …' : 'Cross-check with TensorFlow.js'}</button></p>
    </Panel>
  );
}
