import type { EngineErrorCode } from '../../engine/engine';
import { NoticeBox, type NoticeAction } from '../../ui/feedback/NoticeBox';
import type { VideoWish } from '../files/video/VideoPanel';
import { wantedBy } from '../files/waiting';
import { isLoaded } from '../link';
import { usePage } from '../page-store';
import type { LabSession } from './session';

/** Where another try may succeed: the device or the adapter may be back. */
const WORTH_A_TRY: ReadonlySet<EngineErrorCode | 'software-adapter'> = new Set(['no-adapter', 'out-of-memory', 'device-lost', 'device-lost-twice', 'internal', 'shader']);

/** No GPU is a fact about this machine, not a fault: the lab has its reference engine. How to get one stands on the device page. */
const WITHOUT_GPU: ReadonlySet<EngineErrorCode | 'software-adapter'> = new Set(['no-webgpu', 'no-adapter']);
const ON_REFERENCE = 'The reference engine runs the lab: same numbers, slower.';

/** What the reader must know, in place: about the engine, about this run, about a failure. The last result stays. */
export function EngineNotices({ session: s, wish }: { readonly session: LabSession; readonly wish: (wish: VideoWish) => void }) {
  const { status, broken, startEngine, chooseEngine } = usePage();
  const again: NoticeAction = { label: 'Try the GPU again', onClick: () => void startEngine() };
  const allTheSame: NoticeAction = { label: 'Use WebGPU all the same', onClick: () => chooseEngine('webgpu') };
  // Where WebGPU runs on a software adapter, the badge already says so.
  const ofEngine = status?.notices.filter((notice) => notice.code !== 'software-adapter' || status.device.engine === 'reference') ?? [];
  const absent = Object.entries(s.files).filter(([role, ref]) => !isLoaded(s.loaded, role, ref) && !s.reading.includes(role));
  return (
    <div className="notices">
      {broken && <NoticeBox notice={{ level: 'failed', happened: `No engine could be started (${broken}).`, mend: 'Load the page again; in an old browser, use a newer one.' }} actions={[{ label: 'Start again', onClick: () => void startEngine() }]} />}
      {ofEngine.map((notice) => (WITHOUT_GPU.has(notice.code)
        ? <NoticeBox key={notice.code} notice={{ level: 'information', happened: notice.happened, mend: ON_REFERENCE }} more={{ label: 'What to do', href: '#/device' }} actions={WORTH_A_TRY.has(notice.code) ? [again] : []} />
        : <NoticeBox key={notice.code} notice={notice} actions={notice.code === 'software-adapter' ? [allTheSame] : WORTH_A_TRY.has(notice.code) ? [again] : []} />))}
      {absent.map(([role, ref]) => {
        const { notice, give, without } = wantedBy(role, ref);
        const leave: NoticeAction = { label: without, onClick: () => s.dropFile(role) };
        return <NoticeBox key={role} notice={notice} actions={give ? [{ label: give.label, onClick: () => wish({ by: give.by }) }, leave] : [leave]} />;
      })}
      {s.failure && <NoticeBox notice={s.failure} actions={[{ label: 'Run again', onClick: s.runAgain }]} />}
      {s.run?.notices.map((notice) => <NoticeBox key={notice.happened} notice={notice} />)}
    </div>
  );
}
