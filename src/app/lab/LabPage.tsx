import { useEffect, useState } from 'react';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { usePage } from '../page-store';
import { loadLab, type LabModule } from '../papers';
import { LabFrame } from './LabFrame';
import { openSession, type OpenSession } from './session';

type Loaded = { readonly lab: LabModule; readonly session: OpenSession } | { readonly failed: string };

/** Fetches a lab's chunks and opens its session for as long as the page shows it. */
export default function LabPage({ id }: { readonly id: string }) {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let session: OpenSession | undefined;
    let gone = false;
    loadLab(id).then(
      (lab) => {
        if (gone || !lab) return;
        session = openSession(lab);
        document.title = `${lab.seed.name} · Paperkernels`;
        setLoaded({ lab, session });
      },
      (error: unknown) => setLoaded({ failed: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      gone = true;
      session?.close();
    };
  }, [id]);
  const theme = usePage((page) => page.theme);
  if (!loaded) return <output className="waiting">Loading the lab …</output>;
  if ('failed' in loaded) {
    return (
      <main className="waiting">
        <NoticeBox notice={{ level: 'failed', happened: `The lab could not be loaded (${loaded.failed}).`, mend: 'Check the connection and load the page again.' }} actions={[{ label: 'Load again', onClick: () => location.reload() }]} />
      </main>
    );
  }
  return <LabFrame {...loaded} theme={theme} />;
}
