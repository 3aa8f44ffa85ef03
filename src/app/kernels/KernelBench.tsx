import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { AnyKernel, Variant } from '../../../kernels/define';
import type { Timing } from '../../engine/engine';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { seconds } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import type { CaseVerdict, CompileMessage } from '../compute';
import { usePage } from '../page-store';
import { SCROLLS } from '../shell/scrolls';
import { editedLines, lineList, referenceSource } from './sources';
import { Verdict } from './Verdict';

const CodeEditor = lazy(() => import('./CodeEditor'));

interface Checked {
  readonly running: boolean;
  readonly messages: readonly CompileMessage[];
  readonly cases: readonly CaseVerdict[];
  readonly failed?: string;
}

const NOTHING: Checked = { running: false, messages: [], cases: [] };
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The variants from the plainest to the quickest, with what each takes here. */
function Ladder({ kernel, chosen, choose }: { readonly kernel: AnyKernel; readonly chosen: string; readonly choose: (id: string) => void }) {
  const { compute, status } = usePage();
  const [times, setTimes] = useState<Readonly<Record<string, Timing | string>>>({});
  const [busy, setBusy] = useState(false);
  const largest = kernel.cases.reduce((best, entry) => (kernel.cost(entry.dims).flops > kernel.cost(best.dims).flops ? entry : best), kernel.cases[0]);
  const measure = async (): Promise<void> => {
    setBusy(true);
    for (const { id } of kernel.variants) {
      const time = await compute.time(kernel.name, largest.name, id).catch(sentence);
      setTimes((known) => ({ ...known, [id]: time }));
    }
    setBusy(false);
  };
  return (
    <Panel title="Variants" note={`one oracle for all; times at ${largest.name}${status?.device.software ? ', of this CPU, not of a GPU' : ''}`} nested>
      <table className="kernel-table">
        <thead><tr><th scope="col">Variant</th><th scope="col">What is different</th><th scope="col">Needs</th><th scope="col">Median</th></tr></thead>
        <tbody>
          {kernel.variants.map(({ id, note, requires = [] }) => {
            const time = times[id];
            return (
              <tr key={id}>
                <td><button type="button" className="chip" aria-pressed={id === chosen} onClick={() => choose(id)}>{id}</button></td>
                <td>{note}</td>
                <td>{requires.join(', ') || 'nothing'}</td>
                <td className="kernel-number">{time === undefined ? '' : typeof time === 'string' ? 'does not run here' : seconds(time.median, time.resolution)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="kernel-actions"><button type="button" className="button button-outline" disabled={busy || !status} onClick={() => void measure()}>{busy ? 'Measuring …' : 'Time the variants'}</button></p>
    </Panel>
  );
}

/** One kernel on the bench: edit it, run it against its oracle, put it back. */
export function KernelBench({ kernel, variant, setVariant }: { readonly kernel: AnyKernel; readonly variant: Variant; readonly setVariant: (id: string) => void }) {
  const { compute, status } = usePage();
  const [text, setText] = useState(variant.wgsl);
  const [checked, setChecked] = useState<Checked>(NOTHING);
  const [oracle, setOracle] = useState('');
  const latest = useRef(0);
  const webgpu = status?.device.engine === 'webgpu';

  useEffect(() => {
    let gone = false;
    void referenceSource(kernel.name).then((source) => { if (!gone) setOracle(source); });
    return () => { gone = true; };
  }, [kernel]);

  const check = async (wgsl: string): Promise<void> => {
    const id = ++latest.current;
    const keep = (next: (known: Checked) => Checked): void => { if (id === latest.current) setChecked(next); };
    setChecked({ ...NOTHING, running: true });
    try {
      const { messages, cases } = await compute.verify(
        { kernel: kernel.name, variant: variant.id, ...(wgsl === variant.wgsl ? {} : { wgsl }) },
        (verdict) => keep((known) => (known.running ? { ...known, cases: [...known.cases, verdict] } : known)),
      );
      keep(() => ({ running: false, messages, cases }));
    } catch (error) {
      keep((known) => ({ ...known, running: false, failed: sentence(error) }));
    }
  };
  const checkNow = useRef(check);
  useEffect(() => { checkNow.current = check; });
  useEffect(() => {
    const counter = latest;
    if (webgpu) void checkNow.current(variant.wgsl);
    return () => { counter.current++; }; // what still comes back is of a kernel no longer shown
  }, [webgpu, variant]);

  const edited = editedLines(variant.wgsl, text);
  const file = variant.file.split('/').pop();
  return (
    <>
      <Panel title={`Kernel: ${file}`} note={edited.length ? `edited, line ${lineList(edited)}` : kernel.summary}>
        <p className="kernel-source">{kernel.source}</p>
        {status && !webgpu && <NoticeBox notice={{ level: 'information', happened: 'This page runs on the reference engine, which runs no WGSL.', mend: 'Open it in a browser with WebGPU to run and change kernels. The texts below are those that would run.' }} />}
        {checked.failed && <NoticeBox notice={{ level: 'failed', happened: 'The kernel was not verified.', mend: checked.failed }} />}
        {webgpu && (
          <Verdict checked={checked}>
            <button type="button" className="button button-primary" disabled={checked.running} onClick={() => void check(text)}>Run again</button>
            <button type="button" className="button button-outline" disabled={text === variant.wgsl} onClick={() => { setText(variant.wgsl); void check(variant.wgsl); }}>Restore the original</button>
          </Verdict>
        )}
        <div className="kernel-texts">
          <section aria-label="WGSL">
            <h3>WGSL, the text that runs</h3>
            <Suspense fallback={<pre className="code-plain" {...SCROLLS}>{variant.wgsl}</pre>}>
              <CodeEditor label={`${file}, WGSL`} original={variant.wgsl} text={text} messages={checked.messages} onChange={setText} />
            </Suspense>
          </section>
          <section aria-label="Oracle">
            <h3>Oracle, {kernel.name}.reference.ts</h3>
            <pre className="code-plain" {...SCROLLS}>{oracle}</pre>
          </section>
        </div>
      </Panel>
      <Ladder kernel={kernel} chosen={variant.id} choose={setVariant} />
    </>
  );
}
