/** Everything a reader can take away. Each file says which link, seed, device and version made it. */

import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Run } from '../../run/run';
import { download } from './download';
import { runToJson } from './json';
import { fileStem, originLines, originOf } from './origin';
import { methodsTable, toCsv, toMarkdown } from './table';
import { hasCodes, tensorsFile } from './tensors';
import './export.css';

export interface ExportMenuProps {
  readonly run?: Run;
  /** The link that reproduces the page as it is. */
  readonly link: string;
  /** The view that is drawn as PNG or SVG. */
  readonly target: HTMLElement | null | (() => HTMLElement | null);
  /** Told what was done, for a toast. */
  readonly onDone?: (message: string) => void;
}

interface Item {
  readonly label: string;
  readonly detail: string;
  /** Resolves with what to say about it. */
  readonly run: () => Promise<string>;
}

function itemsOf(run: Run, link: string, target: ExportMenuProps['target']): Item[] {
  const origin = originOf(run, link);
  const save = (part: string, content: string | Uint8Array | Blob, type: string): string => {
    const name = fileStem(run, part);
    download(name, content, type);
    return `Saved ${name}`;
  };
  const view = (): HTMLElement => {
    const element = typeof target === 'function' ? target() : target;
    if (!element) throw new Error('There is no view on the page to draw.');
    return element;
  };
  return [
    { label: 'Run', detail: 'JSON', run: async () => save('run.json', runToJson(run, link), 'application/json') },
    { label: 'Methods', detail: 'CSV', run: async () => save('methods.csv', toCsv(methodsTable(run), origin), 'text/csv') },
    {
      label: 'Copy table and claims', detail: 'Markdown',
      run: async () => {
        await navigator.clipboard.writeText(toMarkdown(run, origin));
        return 'Markdown copied';
      },
    },
    { label: 'This view', detail: 'PNG', run: async () => save('view.png', await (await import('./image')).toPng(view(), originLines(origin)), 'image/png') },
    { label: 'This view', detail: 'SVG', run: async () => save('view.svg', await (await import('./image')).toSvg(view(), originLines(origin)), 'image/svg+xml') },
    ...(hasCodes(run) ? [{ label: 'Tensors and 4-bit codes', detail: '.safetensors', run: async () => save('tensors.safetensors', await tensorsFile(run, origin), 'application/octet-stream') }] : []),
  ];
}

export function ExportMenu({ run, link, target, onDone }: ExportMenuProps) {
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState<string>();
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = open && run ? itemsOf(run, link, target) : [];

  useEffect(() => {
    if (!open) return undefined;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: PointerEvent): void => { if (!root.current?.contains(event.target as Node)) setOpen(false); };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const choose = async (item: Item): Promise<void> => {
    try {
      const message = await item.run();
      close();
      onDone?.(message);
    } catch (error) {
      setFailed(`${item.label} as ${item.detail} failed. ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') { setOpen(false); return; }
    else if (event.key in moves) buttons.at(moves[event.key] % buttons.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={root} className="export" data-export="omit">
      <button
        type="button" className="button" aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} disabled={!run} title={run ? undefined : 'There is no result yet.'}
        onClick={() => { setFailed(undefined); setOpen(!open); }}
      >
        Export
      </button>
      {open && (
        <div className="export-menu">
          <div id={id} role="menu" tabIndex={-1} aria-label="Export" onKeyDown={onKeyDown}>
            {items.map((item) => (
              <button key={item.label + item.detail} type="button" role="menuitem" tabIndex={-1} onClick={() => void choose(item)}>
                <span>{item.label}</span><small>{item.detail}</small>
              </button>
            ))}
          </div>
          {failed ? <p className="export-note export-failed" role="alert">{failed}</p> : <p className="export-note">With link, seed, device and version.</p>}
        </div>
      )}
    </div>
  );
}
