import { useEffect, useId, useRef, useState } from 'react';
import { InputError } from '../../inputs/error';
import { fileSource, type ByteSource } from '../../inputs/source';
import { listTensors, readMatrix, type TensorEntry } from '../../inputs/tensors';
import type { Notice } from '../../run/run';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import type { LabSession } from '../lab/session';
import { firstTime } from './first-time';
import { remember } from './library';
import type { LabModule } from '../papers';
import { suggest, turned, unfit, type Choice } from './fit';

interface Opened {
  readonly source: ByteSource;
  readonly entries: readonly TensorEntry[];
  readonly choice: Choice;
}

const noticeOf = (error: unknown, file: string): Notice =>
  error instanceof InputError
    ? { level: 'failed', happened: error.what, mend: error.mend }
    : { level: 'failed', happened: `${file} was not read (${error instanceof Error ? error.message : String(error)}).`, mend: 'Choose the file again, or another one.' };

interface ChooserProps {
  readonly opened: Opened;
  readonly lab: LabModule;
  readonly session: LabSession;
  readonly change: (choice: Choice) => void;
  readonly use: () => void;
  readonly cancel: () => void;
}

/** Which tensor of the file, as what, which way round; whether it fits what is there. */
function Chooser({ opened: { source, entries, choice }, lab, session, change, use, cancel }: ChooserProps) {
  const id = useId();
  const matrices = entries.filter((entry) => entry.matrix);
  const reason = unfit(matrices, choice, session.loaded);
  return (
    <fieldset className="file-form">
      <legend><b>{source.name}</b>, {entries.length === 1 ? '1 tensor' : `${entries.length} tensors`}</legend>
      <label htmlFor={`${id}t`}>
        Tensor
        <select id={`${id}t`} value={choice.tensor} onChange={(event) => change(turned(matrices, { ...choice, tensor: event.target.value }, session.loaded))}>
          {matrices.map((entry) => <option key={entry.name} value={entry.name}>{entry.name} [{entry.shape.join(', ')}] {entry.dtype}</option>)}
        </select>
      </label>
      <label htmlFor={`${id}r`}>
        Use as
        <select id={`${id}r`} value={choice.role} onChange={(event) => change({ ...choice, role: event.target.value })}>
          {lab.fileInputs.map((role) => <option key={role} value={role}>{role}</option>)}
        </select>
      </label>
      <label className="file-turn" htmlFor={`${id}f`}>
        <input id={`${id}f`} type="checkbox" checked={choice.transpose} onChange={(event) => change({ ...choice, transpose: event.target.checked })} /> Transpose
      </label>
      {reason && <NoticeBox notice={{ level: 'degraded', ...reason }} actions={reason.turn ? [{ label: 'Transpose', onClick: () => change({ ...choice, transpose: !choice.transpose }) }] : []} />}
      <span className="file-actions">
        <button type="button" className="button button-primary" disabled={reason !== undefined} onClick={use}>Use it</button>
        <button type="button" className="button" onClick={cancel}>Cancel</button>
      </span>
    </fieldset>
  );
}

/** A tensor of the reader's own in place of a generated input. Nothing leaves the machine. */
export function FilesPanel({ lab, session, dropped }: { readonly lab: LabModule; readonly session: LabSession; readonly dropped?: File }) {
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<Opened>();
  const [notice, setNotice] = useState<Notice>();
  const now = useRef(session);
  useEffect(() => { now.current = session; });

  const load = async (source: ByteSource, choice: Choice): Promise<void> => {
    try {
      const matrix = await readMatrix(source, choice.tensor, { transpose: choice.transpose });
      await now.current.useFile(choice.role, { name: source.name, tensor: choice.tensor, transpose: choice.transpose }, matrix);
      setOpened(undefined);
      setNotice(undefined);
    } catch (error) {
      setNotice(noticeOf(error, source.name));
    }
  };

  const open = async (file: File): Promise<void> => {
    const source = fileSource(file);
    try {
      const entries = await listTensors(source);
      const matrices = entries.filter((entry) => entry.matrix);
      if (matrices.length === 0) throw new InputError(`${file.name} was not read: ${entries.map((entry) => `${entry.name} ${entry.unfit}`).slice(0, 3).join('; ')}.`, 'Choose another file.');
      setNotice(undefined);
      remember([source]);
      const { files, loaded } = now.current;
      // A link that waits for this file already says which tensors, and as what.
      const wanted = Object.entries(files).filter(([role, ref]) => ref.name === file.name && !loaded[role] && matrices.some((entry) => entry.name === ref.tensor));
      if (wanted.length > 0) {
        for (const [role, ref] of wanted) await load(source, { role, tensor: ref.tensor, transpose: ref.transpose });
        return;
      }
      setOpened({ source, entries, choice: suggest(matrices, matrices[0].name, lab.fileInputs, loaded) });
    } catch (error) {
      setOpened(undefined);
      setNotice(noticeOf(error, file.name));
    }
  };
  const openNow = useRef(open);
  useEffect(() => { openNow.current = open; });
  useEffect(() => { if (dropped && firstTime(dropped)) void openNow.current(dropped); }, [dropped]);

  return (
    <section className="files" aria-label="Your tensor">
      <h2>Your tensor</h2>
      {Object.entries(session.loaded).map(([role, file]) => (
        <div key={role} className="file-use">
          <b>{role}</b> {file.name}{file.tensor && `#${file.tensor}`}{file.transpose && ', transposed'}, {file.rows} × {file.cols}{' '}
          <button type="button" className="file-pick" onClick={() => session.dropFile(role)}>remove</button>
        </div>
      ))}
      {opened && <Chooser opened={opened} lab={lab} session={session} change={(choice) => setOpened({ ...opened, choice })} use={() => void load(opened.source, opened.choice)} cancel={() => setOpened(undefined)} />}
      {notice && <NoticeBox notice={notice} actions={[{ label: 'Another file', onClick: () => input.current?.click() }, { label: 'Dismiss', onClick: () => setNotice(undefined) }]} />}
      <p>
        Drop a .npy, .safetensors or .gguf file anywhere, or <button type="button" className="file-pick" onClick={() => input.current?.click()}>choose one</button>. It stays on this machine.
      </p>
      <input
        ref={input} type="file" accept=".npy,.safetensors,.gguf" hidden aria-label="Choose a .npy, .safetensors or .gguf file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void open(file);
        }}
      />
    </section>
  );
}
