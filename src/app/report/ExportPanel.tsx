import * as Comlink from 'comlink';
import { useId, useState } from 'react';
import { reportCsv, reportJson, reportMarkdown } from '../../report/format';
import type { SkippedTensor, TensorReport } from '../../report/contract';
import type { Notice } from '../../run/run';
import { download } from '../../ui/export/download';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { ProgressBar } from '../../ui/feedback/ProgressBar';
import { bits, bytes, count } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { usePage } from '../page-store';
import { originOf } from './origin';
import { measureName } from './methods';
import { singles, type Plan, type PlanId } from './plan';
import { reportWorker, useReport } from './store';

const stem = (name: string): string => name.replace(/(\.safetensors)?(\.index)?\.(safetensors|gguf|npy|json)$/i, '').replaceAll(/[^\w.-]+/g, '-');

interface Props {
  readonly plan: Plan;
  readonly planId: PlanId;
  readonly setPlan: (id: PlanId) => void;
  readonly reports: readonly TensorReport[];
}

/** The report as CSV, JSON or Markdown; the model quantized, as .safetensors. */
export function ExportPanel({ plan, planId, setPlan, reports }: Props) {
  const { model, skipped, measuredWith, status, phase, params } = useReport();
  const say = usePage((page) => page.say);
  const id = useId();
  const [writing, setWriting] = useState<{ readonly done: number; readonly total: number }>();
  const [failed, setFailed] = useState<Notice>();
  if (!model || !measuredWith) return null;
  const left: SkippedTensor[] = model.tensors.filter((t) => skipped.has(t.name)).map((t) => ({ tensor: t.name, file: t.file, shape: t.shape, dtype: t.dtype, bytes: t.bytes, reason: skipped.get(t.name)! }));
  const origin = originOf(model.name, measuredWith, status?.device);
  const save = (part: string, text: string, type: string): void => {
    const name = `${stem(model.name)}-${part}`;
    download(name, text, type);
    say({ message: `Saved ${name}` });
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(reportMarkdown(reports, left, origin));
      say({ message: 'Markdown copied' });
    } catch {
      save('report.md', reportMarkdown(reports, left, origin), 'text/markdown');
    }
  };
  const write = async (): Promise<void> => {
    setFailed(undefined);
    setWriting({ done: 0, total: 1 });
    const answer = await reportWorker().write(measuredWith, plan.choices, Comlink.proxy((done: number, total: number) => setWriting({ done, total })));
    setWriting(undefined);
    if (!answer.ok) return setFailed({ level: 'failed', happened: answer.happened, mend: answer.mend });
    const name = `${stem(model.name)}-${planId === 'mix' ? `mix-${bits(params.budget)}` : planId.replace(' ', '-')}.safetensors`;
    download(name, answer.value);
    say({ message: `Saved ${name}, ${bytes(answer.value.size)}` });
  };
  const partial = phase !== 'done' ? 'The measurement is not complete: only measured tensors are in it.' : undefined;
  const sampled = measuredWith.maxRows > 0;
  return (
    <Panel title="Take it with you" note="each with file, options, engine, version and date" id="export">
      <div className="take">
        <div>
          <h3>The report</h3>
          <p className="report-actions">
            <button type="button" className="button button-outline" onClick={() => save('report.csv', reportCsv(reports, left, origin), 'text/csv')}>CSV</button>
            <button type="button" className="button button-outline" onClick={() => save('report.json', reportJson(reports, left, origin), 'application/json')}>JSON</button>
            <button type="button" className="button button-outline" onClick={() => void copy()}>Copy as Markdown</button>
          </p>
          {partial && <p className="sub">{partial}</p>}
        </div>
        <div>
          <h3>The quantized model</h3>
          <p className="report-actions">
            <label htmlFor={id}>Stored as</label>
            <select id={id} className="control-select take-plan" value={planId} onChange={(event) => setPlan(event.target.value as PlanId)}>
              <option value="mix">the mix for {bits(params.budget)} bits</option>
              {singles(reports).map((one) => <option key={`${one.id} ${one.bits}`} value={`${one.id} ${one.bits}`}>{measureName(one)}, all tensors</option>)}
            </select>
            <button type="button" className="button button-primary" disabled={writing !== undefined || phase !== 'done'} title={phase === 'done' ? undefined : 'When the measurement is complete.'} onClick={() => void write()}>Save .safetensors</button>
          </p>
          {writing && <ProgressBar name="Quantizing" done={Math.round((100 * writing.done) / Math.max(1, writing.total))} total={100} unit="percent" onCancel={() => void reportWorker().cancel('write')} />}
          {failed && <NoticeBox notice={failed} actions={[{ label: 'Dismiss', onClick: () => setFailed(undefined) }]} />}
          <p className="sub">
            Packed codes, scales, codebooks, sparse parts and branches under the tensors’ names, laid out as its metadata says; {count(left.length, 'tensor')} left as stored.
            {sampled && ' Rows were sampled for the measurement; the file holds all of them.'} Drop the file here to read it back.
          </p>
        </div>
      </div>
    </Panel>
  );
}
