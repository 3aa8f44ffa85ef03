import { useCallback, useEffect, useRef, useState } from 'react';
import type { Dims } from '../../../kernels/define';
import type { VariantChoice } from '../../engine/choices';
import type { DeviceInfo } from '../../engine/engine';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { ProgressBar } from '../../ui/feedback/ProgressBar';
import { count, seconds } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { usePage } from '../page-store';
import { SCROLLS } from '../shell/scrolls';
import { shapeClasses, type ShapeClass } from './shape-classes';

const sizes = (dims: Dims): string => Object.entries(dims).map(([name, value]) => `${name} ${value}`).join(', ');
const rowKey = ({ kernel, dims }: Pick<VariantChoice, 'kernel' | 'dims'>): string => `${kernel} ${sizes(dims)}`;
const when = (time: number): string => new Date(time).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

interface Work {
  readonly planned: readonly Pick<ShapeClass, 'kernel' | 'dims'>[];
  readonly done: number;
  readonly running: boolean;
}

function Row({ choice, name, busy, measure }: { readonly choice: VariantChoice; readonly name?: string; readonly busy: boolean; readonly measure: () => void }) {
  const slowest = Math.max(...choice.candidates.map(({ median }) => median));
  return (
    <tr data-kernel={choice.kernel} data-variant={choice.variant}>
      <th scope="row">{choice.kernel}<small>{name && `${name}: `}{sizes(choice.dims)}</small></th>
      <td>
        <ul className="candidates">
          {choice.candidates.map(({ id, median }) => (
            <li key={id} data-chosen={id === choice.variant}>
              <span>{id}{id === choice.variant && <small> runs here</small>}</span>
              <span className="candidate-bar" aria-hidden="true"><i style={{ width: `${(100 * median) / slowest}%` }} /></span>
              <b>{seconds(median)}</b>
            </li>
          ))}
        </ul>
      </td>
      <td className="variants-when">
        {when(choice.measuredAt)}
        <button type="button" className="button" disabled={busy} aria-label={`Measure ${choice.kernel} at ${sizes(choice.dims)} again`} onClick={measure}>Measure again</button>
      </td>
    </tr>
  );
}

/** Every choice of a variant that was measured on this device, with the times that decided it. */
export function VariantsPanel({ device }: { readonly device: DeviceInfo }) {
  const { compute, chooseEngine } = usePage();
  const [choices, setChoices] = useState<readonly VariantChoice[]>([]);
  const [work, setWork] = useState<Work>();
  const [failed, setFailed] = useState<string>();
  const going = useRef(0);
  const webgpu = device.engine === 'webgpu';

  const show = useCallback(() => compute.choices().then(setChoices, () => undefined), [compute]);
  useEffect(() => {
    if (device.engine === 'webgpu') void show();
  }, [show, device]);
  useEffect(() => () => { going.current = 0; }, []);

  const measure = async (planned: Work['planned'], from = 0): Promise<void> => {
    const id = Date.now();
    going.current = id;
    setFailed(undefined);
    for (let done = from; done < planned.length; done++) {
      setWork({ planned, done, running: true });
      const { kernel, dims } = planned[done];
      const outcome = await compute.remeasure(kernel, dims).then(() => undefined, (error: unknown) => `${kernel} at ${sizes(dims)}: ${error instanceof Error ? error.message : String(error)}`);
      if (going.current !== id) return;
      if (outcome) setFailed(outcome);
      await show();
    }
    setWork({ planned, done: planned.length, running: false });
  };
  const cancel = (): void => {
    going.current = 0;
    setWork((now) => now && { ...now, running: false });
    void show();
  };
  const forget = async (): Promise<void> => {
    await compute.forgetChoices();
    setWork(undefined);
    await show();
  };

  const classes = shapeClasses(device.software);
  const nameOf = (choice: VariantChoice): string | undefined => classes.find((one) => rowKey(one) === rowKey(choice))?.name;
  const sorted = choices.toSorted((a, b) => a.kernel.localeCompare(b.kernel) || a.sizeClass.localeCompare(b.sizeClass));
  const known = new Set(choices.map(rowKey));
  const running = work?.running === true;
  return (
    <Panel title="Which variant runs here" note={webgpu ? (choices.length > 0 ? `${count(choices.length, 'choice')} measured and kept in this browser` : 'nothing measured yet') : undefined}>
      {!webgpu && <NoticeBox notice={{ level: 'information', happened: 'The reference engine has one TypeScript text for each kernel: there is nothing to choose.', mend: 'On WebGPU a kernel may have several.' }} actions={[{ label: 'Use WebGPU', onClick: () => chooseEngine('webgpu') }]} />}
      {webgpu && choices.length === 0 && (
        <p className="device-note">
          {device.software
            ? 'A software adapter runs the first variant of a kernel and measures nothing by itself: compiling the others costs it more than they could save. What you measure here holds from then on.'
            : 'A variant is chosen by timing, for each kernel and class of sizes, in the idle moments after a run. None was needed yet.'}
        </p>
      )}
      {work && (work.planned.length > 1 || running) && (
        <ProgressBar name="Kernels and sizes" unit="choice" done={work.done} total={work.planned.length} cancelled={!running && work.done < work.planned.length} onCancel={cancel} onContinue={() => void measure(work.planned, work.done)} />
      )}
      {failed && <NoticeBox notice={{ level: 'failed', happened: 'One was not measured.', mend: failed }} />}
      {webgpu && choices.length > 0 && (
        <section className="variants-table" aria-label="Choices of variants" {...SCROLLS}>
          <table>
            <thead><tr><th scope="col">Kernel, sizes</th><th scope="col">Variants, median of a launch</th><th scope="col">Measured</th></tr></thead>
            <tbody>{sorted.map((choice) => <Row key={`${rowKey(choice)} ${choice.candidates.length}`} choice={choice} name={nameOf(choice)} busy={running} measure={() => void measure([choice])} />)}</tbody>
          </table>
        </section>
      )}
      {webgpu && !running && (
        <p className="device-actions">
          <button type="button" className="button button-outline" onClick={() => void measure([...choices, ...classes.filter((one) => !known.has(rowKey(one)))])}>{choices.length > 0 ? 'Measure all again' : `Measure ${count(classes.length, 'choice')}`}</button>
          {choices.length > 0 && <button type="button" className="button" onClick={() => void forget()}>Forget</button>}
        </p>
      )}
    </Panel>
  );
}
