import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { defaultsOf } from '../../run/schema';
import { ControlsPanel, PinnedControl } from '../../ui/controls/ControlsPanel';
import { EngineBadge } from '../../ui/feedback/EngineBadge';
import type { LabProps, Selection } from '../../ui/lab-props';
import { NoticesContext } from '../../ui/strip/notices';
import { DropZone } from '../files/DropZone';
import { FilesPanel } from '../files/FilesPanel';
import type { VideoWish } from '../files/video/VideoPanel';
import { fileText } from '../link';
import { usePage } from '../page-store';
import type { LabModule } from '../papers';
import { Dialog } from '../shell/Dialog';
import { ErrorBoundary } from '../shell/ErrorBoundary';
import { KeysDialog } from '../shell/KeysDialog';
import { Rail } from '../shell/Rail';
import { EngineNotices } from './EngineNotices';
import { LabHeader } from './LabHeader';
import { PinnedPanel } from './PinnedPanel';
import type { OpenSession } from './session';
import { useLabKeys } from './use-lab-keys';

const PHONE = '(max-width: 640px)';
const watchPhone = (changed: () => void): () => void => {
  const query = matchMedia(PHONE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};
const useNarrow = (): boolean => useSyncExternalStore(watchPhone, () => matchMedia(PHONE).matches);

const Papers = memo(Rail);
const KernelsTab = lazy(() => import('../kernels/KernelsTab'));
const VideoPanel = lazy(() => import('../files/video/VideoPanel'));

/** The frame of a lab: papers at the left, controls at the right, the paper's own view in the centre. */
export function LabFrame({ lab, session, theme }: { readonly lab: LabModule; readonly session: OpenSession; readonly theme: 'light' | 'dark' }) {
  const s = useStore(session.store);
  const { status, broken } = usePage();
  const [keys, setKeys] = useState(false);
  const showKeys = useCallback(() => setKeys(true), []);
  const [papers, showPapers] = useState(false);
  const [dropped, setDropped] = useState<File>();
  const [wish, setWish] = useState<VideoWish>();
  const defaults = useMemo(() => defaultsOf(lab.schema), [lab]);
  const { page, params } = s;
  const { view, present, embed } = page;
  const bare = present || embed;
  const takesVideo = lab.fileInputs.includes('video');
  // Where a file is chosen is beside the lab's own view.
  const showFiles = (): void => s.setPage({ view: view === 'kernels' ? 'lab' : view, present: false });
  const notices = <EngineNotices session={s} wish={(next) => { showFiles(); setWish(next); }} />;
  // On a phone the headline comes first, and what is to be noticed follows it.
  const inStrip = useNarrow() && !embed && view !== 'kernels' && s.run !== undefined;

  useLabKeys({ present, setPresent: (on) => s.setPage({ present: on }), showKeys });
  useEffect(() => {
    // Dialogs and the page's ground take the larger unit too.
    document.documentElement.dataset.present = String(present);
    return () => {
      delete document.documentElement.dataset.present;
    };
  }, [present]);

  // Steady across renders, so that a moving slider redraws no more than it must.
  const setSelection = useCallback((selection: Selection) => session.store.getState().setPage({ selection }, { replace: true }), [session]);
  const setStep = useCallback((step: number) => session.store.getState().setPage({ step }, { replace: true }), [session]);

  const labProps: LabProps = {
    run: s.run, pinned: s.pinned, stale: s.stale, dragging: s.dragging, params, schema: lab.schema, defaults,
    setParams: s.setParams, resetParam: s.resetParam, view, present, embed, step: page.step,
    setStep, theme, selection: page.selection,
    setSelection, seed: lab.seed,
    fileNames: Object.fromEntries(Object.entries(s.files).map(([role, ref]) => [role, fileText(ref)])),
    hidden: page.hidden,
  };
  const controls = { schema: lab.schema, params, defaults, setParams: s.setParams, resetParam: s.resetParam };
  const thumb = lab.lesson.find((step) => step.stage === lab.stage)?.param;
  const badge = <EngineBadge device={status?.device} time={s.time} state={broken ? 'error' : s.state} />;
  const state = broken ? 'error' : s.state;

  return (
    <div
      className={['app', bare && 'app-bare', view === 'kernels' && !bare && 'app-wide'].filter(Boolean).join(' ')} data-present={present}
      data-lab={lab.id} data-engine={status?.device.engine} data-adapter={status?.device.label} data-state={state} data-run={s.drawn}
    >
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>To the lab</a>
      {!bare && <Papers current={lab.id} showKeys={showKeys} />}
      <main id="main" tabIndex={-1}>
        {!bare && (
          <div className="narrow-bar">
            <a className="word" href="#/">Paperkernels</a>
            <button type="button" className="button button-outline" onClick={() => showPapers(true)}>Papers</button>
          </div>
        )}
        <LabHeader lab={lab} session={s} badge={badge} bare={bare} />
        {!embed && !inStrip && notices}
        <h2 className="visually-hidden">{view === 'kernels' && !bare ? 'Kernels' : 'Pipeline'}</h2>
        {view === 'kernels' && !bare
          ? <Suspense fallback={<output className="waiting">Loading the kernels …</output>}><KernelsTab run={s.run} lab={lab.id} kernel={page.kernel} choose={(kernel) => s.setPage({ kernel }, { replace: true })} /></Suspense>
          : <ErrorBoundary what="The lab’s view" again={s.run}><NoticesContext value={inStrip ? notices : null}><lab.Lab {...labProps} /></NoticesContext></ErrorBoundary>}
        {view === 'lab' && !bare && s.pinned && s.run && <PinnedPanel run={s.run} pinned={s.pinned} schema={lab.schema} stage={page.selection.stage} theme={theme} unpin={s.unpin} />}
      </main>
      {!bare && view !== 'kernels' && (
        <aside className="side" aria-label="Controls">
          {takesVideo && <Suspense fallback={<div className="files files-waiting" />}><VideoPanel session={s} dropped={dropped} wish={wish} /></Suspense>}
          <ControlsPanel {...controls} />
          {!takesVideo && <FilesPanel lab={lab} session={s} dropped={dropped} />}
        </aside>
      )}
      {!bare && view === 'lab' && thumb && <section className="bottom-bar" aria-label="Main control"><PinnedControl name={thumb} {...controls} /></section>}
      {present && <button type="button" className="button button-outline leave-present" onClick={() => s.setPage({ present: false })}>Leave&ensp;Esc</button>}
      {!bare && lab.fileInputs.length > 0 && <DropZone what={takesVideo ? 'Drop a video, or a .npy file of frames' : 'Drop a .npy, .safetensors or .gguf file'} onFiles={([file]) => { showFiles(); setDropped(file); }} />}
      {keys && <KeysDialog close={() => setKeys(false)} />}
      {papers && <Dialog title="Papers" className="papers-dialog" close={() => showPapers(false)}><Rail current={lab.id} showKeys={() => { showPapers(false); showKeys(); }} /></Dialog>}
    </div>
  );
}
