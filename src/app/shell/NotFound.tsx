import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { seedOf } from '../papers';
import { PageBar } from './PageBar';

/** An address that leads to no page, or to a lab that is not built yet. */
export function NotFound({ name }: { readonly name?: string }) {
  const seed = name === undefined ? undefined : seedOf(name);
  const happened = seed ? `The lab of ${seed.name} is not built yet.` : 'There is no page at this address.';
  return (
    <div className="plain">
      <PageBar />
      <main>
        <h1>{seed?.name ?? 'Not found'}</h1>
        <NoticeBox notice={{ level: 'information', happened, mend: 'All papers are on the first page.' }} actions={[{ label: 'Papers', onClick: () => { location.hash = '#/'; } }]} />
      </main>
    </div>
  );
}
