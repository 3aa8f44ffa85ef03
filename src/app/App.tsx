import { lazy, Suspense } from 'react';
import { Toast } from '../ui/feedback/Toast';
import { Home } from './home/Home';
import { usePath } from './link';
import { usePage } from './page-store';
import { isBuilt } from './lab-modules';
import { NotFound } from './shell/NotFound';

const LabPage = lazy(() => import('./lab/LabPage'));
const DevicePage = lazy(() => import('./device/DevicePage'));
const BenchPage = lazy(() => import('./bench/BenchPage'));
const ReportPage = lazy(() => import('./report/ReportPage'));

/** `#/`, `#/model`, `#/device`, `#/bench`, and a lab by its name. */
function Page({ path }: { readonly path: string }) {
  if (path === '/') return <Home />;
  if (path === '/device') return <DevicePage />;
  if (path === '/bench') return <BenchPage />;
  if (path === '/model') return <ReportPage />;
  const id = path.slice(1);
  return isBuilt(id) ? <LabPage key={id} id={id} /> : <NotFound name={id} />;
}

export function App() {
  const { toast, say } = usePage();
  return (
    <>
      <Suspense fallback={<output className="waiting">Loading …</output>}><Page path={usePath()} /></Suspense>
      <Toast message={toast?.message} action={toast?.action} onDone={() => say(undefined)} />
    </>
  );
}
