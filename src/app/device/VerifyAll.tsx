import { useEffect, useRef, useState } from 'react';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { ProgressBar } from '../../ui/feedback/ProgressBar';
import { count } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { usePage } from '../page-store';
import { SCROLLS } from '../shell/scrolls';

interface Verdict {
  readonly kernel: string;
  readonly variant: string;
  /** Outputs compared, and what differs. */
  readonly compared: number;
  readonly wrong: readonly string[];
  /** Why it was not run. */
  readonly skipped?: string;
}

interface Work {
  readonly running: boolean;
  readonly total: number;
  readonly done: readonly Verdict[];
}

/** Every variant of every kernel on its case table, against its oracle. Cancelling keeps what is done. */
export function VerifyAll({ webgpu }: { readonly webgpu: boolean }) {
  const { compute } = usePage();
  const [work, setWork] = useState<Work>();
  const going = useRef(0);
  useEffect(() => () => { going.current = 0; }, []);

  const start = async (known: readonly Verdict[]): Promise<void> => {
    const id = Date.now();
    going.current = id;
    const { kernels } = await import('../../../kernels/registry');
    const all = kernels.flatMap((kernel) => kernel.variants.map((variant) => [kernel.name, variant.id] as const));
    let done = known;
    setWork({ running: true, total: all.length, done });
    for (const [kernel, variant] of all.slice(done.length)) {
      const verdict = await compute.verify({ kernel, variant }, () => {}).then(
        ({ cases }): Verdict => ({ kernel, variant, compared: cases.length, wrong: cases.filter((one) => !one.ok).map((one) => `${one.name}: ${one.detail}`) }),
        (error: unknown): Verdict => ({ kernel, variant, compared: 0, wrong: [], skipped: error instanceof Error ? error.message : String(error) }),
      );
      if (going.current !== id) return;
      done = [...done, verdict];
      setWork({ running: true, total: all.length, done });
    }
    setWork({ running: false, total: all.length, done });
  };
  const cancel = (): void => {
    going.current = 0;
    setWork((now) => now && { ...now, running: false });
  };

  const done = work?.done ?? [];
  const wrong = done.filter((verdict) => verdict.wrong.length > 0);
  const finished = work !== undefined && done.length === work.total;
  return (
    <Panel title="Verify every kernel on this device" note={work && `${count(done.reduce((sum, one) => sum + one.compared, 0), 'output')} compared, ${count(wrong.length, 'kernel')} differ`}>
      {!webgpu && <NoticeBox notice={{ level: 'information', happened: 'There is nothing to verify on the reference engine: it runs the oracles themselves.', mend: 'Open this page in a browser with WebGPU.' }} />}
      {work && (
        <ProgressBar name="Kernels and variants" unit="variant" done={done.length} total={work.total} cancelled={!work.running && !finished} onCancel={cancel} onContinue={() => void start(done)} />
      )}
      {done.length > 0 && (
        <section className="verify-table" aria-label="Verdicts" {...SCROLLS}>
          <table>
            <thead><tr><th scope="col">Kernel</th><th scope="col">Variant</th><th scope="col">Verdict</th></tr></thead>
            <tbody>
              {done.map(({ kernel, variant, compared, wrong, skipped }) => (
                <tr key={`${kernel}/${variant}`} data-ok={skipped ? undefined : wrong.length === 0}>
                  <td>{kernel}</td>
                  <td>{variant}</td>
                  <td className={wrong.length ? 'verify-wrong' : undefined}>{skipped ? `not run: ${skipped}` : wrong.length ? wrong.join('; ') : `agrees with the oracle, ${count(compared, 'output')}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {webgpu && (!work || finished) && <p className="device-actions"><button type="button" className="button button-outline" onClick={() => void start([])}>{finished ? 'Verify again' : 'Verify'}</button></p>}
    </Panel>
  );
}
