import { Dialog } from './Dialog';

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Tab'], 'To the next control, tile or tab; Shift + Tab back'],
  [['←', '→'], 'On a slider: one step. In the lesson and when presenting: the step before, the step after'],
  [['←', '↑', '↓', '→'], 'In a heatmap: move the cell; with Shift by 8; Home and End to the edges'],
  [['Enter'], 'On a tile: open it in the inspector'],
  [['P'], 'Present, and back'],
  [['Esc'], 'Leave the presenter’s view or a dialog'],
  [['?'], 'These keys'],
];

export function KeysDialog({ close }: { readonly close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <dl>
        {KEYS.map(([keys, does]) => (
          <div key={does} style={{ display: 'contents' }}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
