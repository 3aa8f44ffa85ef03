import { useId, useRef, useState, type FormEvent } from 'react';
import { REPORT_METHODS } from '../../report/contract';
import { Marker } from '../../ui/markers/Marker';
import { METHODS } from './methods';
import { useReport } from './store';

export const ACCEPT = '.safetensors,.gguf,.npy,.json';

/** A button that opens the file dialog. */
export function ChooseFiles({ label, primary = false, take }: { readonly label: string; readonly primary?: boolean; readonly take: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={primary ? 'button button-primary' : 'button button-outline'} onClick={() => input.current?.click()}>{label}</button>
      <input
        ref={input} type="file" hidden multiple accept={ACCEPT} aria-label={label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) take(files);
        }}
      />
    </>
  );
}

/** An address to read from. Nothing is connected to before it is sent off. */
function AddressForm() {
  const id = useId();
  const [address, setAddress] = useState('');
  const { openAddress, phase } = useReport();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (address.trim()) void openAddress(address.trim());
  };
  return (
    <form className="address" onSubmit={submit}>
      <label htmlFor={id}>or paste an address</label>
      <span>
        <input id={id} type="url" inputMode="url" autoComplete="off" spellCheck={false} placeholder="https://…/model.safetensors" value={address} onChange={(event) => setAddress(event.target.value)} />
        <button type="submit" className="button button-outline" disabled={!address.trim() || phase === 'opening'}>Open</button>
      </span>
      <small>The host of the address is connected to, and only it: the header first, then the tensors by parts.</small>
    </form>
  );
}

/** The first view: where a file goes in, what is read, what is measured, and that nothing leaves. */
export function Start() {
  const { openFiles, phase } = useReport();
  return (
    <div className="start">
      <div className="start-drop">
        <p className="start-what">{phase === 'opening' ? 'Reading the header …' : 'Drop a model file anywhere on this page'}</p>
        <p className="start-kinds">.safetensors, also sharded with its index.json · .gguf · .npy</p>
        <ChooseFiles label="Choose files" primary take={(files) => void openFiles(files)} />
        <AddressForm />
      </div>
      <div className="start-more">
        <h2>What is measured of each matrix</h2>
        <ul className="start-methods">
          {REPORT_METHODS.map((id) => (
            <li key={id}><Marker slot={METHODS[id].slot} /><span><b>{METHODS[id].label}</b> {METHODS[id].says}</span></li>
          ))}
        </ul>
        <p className="start-note">
          Relative error and bits per weight of each, as they would be stored: scales, codebooks and branches are counted. Read are F64, F32, F16, BF16, F8 and 8-bit
          integers; of GGUF also Q8_0, Q4_0, Q4_K and Q6_K. Large files are read tensor by tensor and never held whole.
        </p>
      </div>
    </div>
  );
}
