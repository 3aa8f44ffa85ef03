import { useEffect, useMemo } from 'react';
import type { DeviceInfo } from '../../engine/engine';
import { EngineBadge } from '../../ui/feedback/EngineBadge';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { count } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { onPlace } from '../link';
import { usePage } from '../page-store';
import { PageBar } from '../shell/PageBar';
import type { BenchEvent } from './bench-api';
import { Choice } from './Choice';
import { ColdPanel } from './ColdPanel';
import { Exports } from './Exports';
import { groupRows, typeScriptVerdict } from './kernel-rows';
import { KernelTable } from './KernelTable';
import { Method } from './Method';
import { ProofTable } from './ProofTable';
import { RooflinePanel } from './RooflinePanel';
import { RunsPanel, ShapePanel } from './ShapePanel';
import { useBench, type Partial } from './store';
import './bench.css';

/** What the times of this device are, in a sentence or two. */
function Device({ device, result }: { readonly device: DeviceInfo; readonly result?: Partial }) {
  const verdict = useMemo(() => typeScriptVerdict(groupRows(result?.rows ?? [])), [result?.rows]);
  const labs = usePage(({ status }) => status?.notices.find(({ code }) => code === 'software-adapter'));
  const webgpu = device.engine === 'webgpu';
  const against = webgpu && verdict && `In this run the kernels took less time than plain TypeScript in ${verdict.kernels - verdict.faster} of ${verdict.kernels}; the median of TypeScript’s time over theirs is ${verdict.middle < 1 ? verdict.middle.toPrecision(2) : verdict.middle.toFixed(1)}.`;
  return (
    <div className="bench-device">
      <dl>
        <dt>Adapter</dt><dd>{[device.label, [device.vendor, device.architecture].filter(Boolean).join(' ')].filter(Boolean).join(', ')}</dd>
        {webgpu && <><dt>Clock</dt><dd>{device.features.includes('timestamp-query') ? 'GPU timestamps' : 'wall time around a submission'}</dd></>}
        {webgpu && <><dt>Features</dt><dd>{device.features.filter((name) => name !== 'timestamp-query').join(', ') || 'none beyond the defaults'}</dd></>}
      </dl>
      {device.software && (
        <p>
          {labs ? `${labs.happened} ${labs.mend}` : 'WebGPU runs on the processor here.'} The benchmark times WebGPU all the same: these are a CPU’s times, which say nothing of a GPU’s; only their ratios mean something. {against}
        </p>
      )}
      {!device.software && against && <p>{against}</p>}
    </div>
  );
}

/** Steps are of unequal length, so no time is foretold. */
function Progress({ done, planned, what, stopped }: Pick<Extract<BenchEvent, { kind: 'progress' }>, 'done' | 'planned' | 'what'> & { readonly stopped: boolean }) {
  const text = stopped ? `stopped after ${Math.floor(done)} of ${count(planned, 'step')}` : `${Math.floor(done)} of ${count(planned, 'step')}`;
  return (
    <div className={stopped ? 'progress progress-cancelled bench-progress' : 'progress bench-progress'}>
      <div className="progress-head"><b>{what}</b><span>{text}</span></div>
      <progress className="progress-track" aria-label="Benchmark" max={planned} value={done} aria-valuetext={`${what}, ${text}`} />
    </div>
  );
}

/** What has come in so far. */
function Results({ result, software, running }: { readonly result: Partial; readonly software: boolean; readonly running: boolean }) {
  const { targets, rows, ceilings, density, skew, cold, runs, notes } = result;
  return (
    <>
      {(targets.length > 0 || running) && <ProofTable rows={targets} running={running} />}
      <div className="bench-pair">
        <Panel title="Kernels" note={rows.length > 0 ? `${count(new Set(rows.map(({ kernel }) => kernel)).size, 'kernel')}, ${count(rows.filter(({ correct }) => !correct).length, 'contender')} wrong` : undefined} id="kernels">
          <KernelTable rows={rows} />
        </Panel>
        {ceilings && rows.length > 0 && <div className="bench-roof"><RooflinePanel rows={rows} ceilings={ceilings} software={software} /></div>}
      </div>
      <ShapePanel density={density} skew={skew} />
      <RunsPanel runs={runs} />
      <ColdPanel cold={cold} rows={rows} />
      {notes.length > 0 && <ul className="bench-notes">{notes.map((note) => <li key={note}>{note}</li>)}</ul>}
    </>
  );
}

/** Every kernel against its oracle, this device's ceilings and the libraries that the reader asks for, live. */
export default function BenchPage() {
  const { phase, started, result, ran, progress, notice, enter, leave, followLink } = useBench();
  useEffect(() => { document.title = 'Benchmark · Paperkernels'; }, []);
  useEffect(() => {
    followLink();
    enter();
    const unwatch = onPlace(followLink);
    return () => { unwatch(); leave(); };
  }, [enter, leave, followLink]);
  const device = started?.device;
  const running = phase === 'running' || phase === 'stopping';
  return (
    <div className="plain bench" data-bench data-state={phase} data-engine={device?.engine} data-adapter={device?.label}>
      <PageBar current="bench" />
      <main>
        <h1>Benchmark</h1>
        <p className="bench-lede">Every kernel of this page, timed on this device in this browser: against its oracle, against the machine’s own ceilings, and against libraries that compute the same.</p>
        <EngineBadge device={device} state={phase === 'failed' && !device ? 'error' : running ? 'running' : 'done'} />
        {device && <Device device={device} result={result} />}
        <div className="notices">
          {started?.notice && <NoticeBox notice={started.notice} more={{ label: 'What to do', href: '#/device' }} />}
          {notice && <NoticeBox notice={notice} />}
        </div>
        <Choice />
        {progress && (running || phase === 'stopped') && (
          <Progress {...progress} stopped={!running} />
        )}
        {result && ran && (
          <>
            <div className="bench-ran">
              <p>{phase === 'done' ? 'Measured' : running ? 'Begun' : 'Stopped; what was measured of it, begun'} {ran.at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}, {ran.rounds} rounds. It stays while this page is open; another run takes its place.</p>
              <Exports />
            </div>
            <Results result={result} software={device?.software ?? false} running={running} />
          </>
        )}
        <Method />
      </main>
    </div>
  );
}
