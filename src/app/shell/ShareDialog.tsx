import { Dialog } from './Dialog';

/** The link, selected, for where the clipboard cannot be written. */
export function ShareDialog({ link, close }: { readonly link: string; readonly close: () => void }) {
  return (
    <Dialog title="Share" close={close}>
      <p><input className="share-link" aria-label="Link" readOnly value={link} onFocus={(event) => event.target.select()} /></p>
    </Dialog>
  );
}
