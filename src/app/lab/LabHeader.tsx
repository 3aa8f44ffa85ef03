import { useState, type ReactNode } from 'react';
import { ExportMenu } from '../../ui/export/ExportMenu';
import type { LabView } from '../../ui/lab-props';
import { Rich } from '../../ui/symbol/Symbol';
import { isPreset } from '../link';
import { usePage } from '../page-store';
import type { LabModule } from '../papers';
import { ShareDialog } from '../shell/ShareDialog';
import { ThemeButton } from '../shell/ThemeButton';
import type { LabSession } from './session';

const VIEWS: readonly (readonly [LabView, string])[] = [['lab', 'Lab'], ['lesson', 'Lesson'], ['kernels', 'Kernels']];

interface LabHeaderProps {
  readonly lab: LabModule;
  readonly session: LabSession;
  readonly badge: ReactNode;
  /** Presented or embedded: only the title and the sentence. */
  readonly bare: boolean;
}

function Actions({ session: s }: { readonly session: LabSession }) {
  const { say } = usePage();
  const [shown, show] = useState(false);
  const share = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      say({ message: 'Link copied' });
    } catch {
      show(true); // the browser keeps the clipboard to itself: the link is shown for copying by hand
    }
  };
  const pin = (): void => {
    if (s.pinned) return s.unpin();
    s.pin();
    say({ message: 'Run pinned: what you change now is compared with it', action: { label: 'Undo pin', onClick: s.unpin } });
  };
  return (
    <div className="lab-actions">
      <button type="button" className="button" aria-pressed={s.pinned !== undefined} disabled={!s.run} onClick={pin}>{s.pinned ? 'Unpin run' : 'Pin run'}</button>
      <button type="button" className="button" onClick={() => void share()}>Share</button>
      <ExportMenu run={s.run} link={location.href} target={() => document.getElementById('main')} onDone={(message) => say({ message })} />
      <ThemeButton changed={s.setLinkTheme} />
      <button type="button" className="button button-outline" onClick={() => s.setPage({ present: true })}>Present<span className="key-hint">&ensp;P</span></button>
      {shown && <ShareDialog link={location.href} close={() => show(false)} />}
    </div>
  );
}

function Presets({ lab, session: s, badge }: Omit<LabHeaderProps, 'bare'>) {
  const chosen = lab.seed.presets.find((preset) => isPreset(lab.schema, s, preset.params));
  return (
    <>
      <fieldset className="presets">
        <legend>Presets</legend>
        {lab.seed.presets.map((preset) => (
          <button key={preset.id} type="button" className="chip" aria-pressed={preset === chosen} title={preset.note} onClick={() => s.applyPreset(preset.params)}>{preset.label}</button>
        ))}
      </fieldset>
      <div className="under-presets">
        <p>{chosen?.note ?? ''}</p>
        {badge}
      </div>
    </>
  );
}

export function LabHeader({ lab, session: s, badge, bare }: LabHeaderProps) {
  const { seed } = lab;
  const { authors, title, venue, links } = seed.citation;
  return (
    <header className="lab-head">
      <div className="lab-title">
        <h1>{seed.name}</h1>
        {!bare && (
          <nav className="tabs" aria-label="Views">
            {VIEWS.map(([view, label]) => (
              <button key={view} type="button" aria-current={s.page.view === view ? 'page' : undefined} onClick={() => s.setPage({ view })}>{label}</button>
            ))}
          </nav>
        )}
        {!bare && <Actions session={s} />}
      </div>
      <p className="lab-lede"><Rich text={seed.sentence} /></p>
      {!bare && (
        <>
          <p className="lab-cite">
            {authors} <i>{title}.</i> {venue}.
            {links.map(({ label, href }) => <a key={href} href={href} rel="noreferrer" target="_blank">{label}</a>)}
          </p>
          <Presets lab={lab} session={s} badge={badge} />
        </>
      )}
    </header>
  );
}
