import { useId, useState } from 'react';
import { SHORTEST, type Part } from './part';

interface PartFormProps {
  readonly seconds: number;
  readonly part: Part;
  readonly disabled: boolean;
  readonly take: (part: Part) => void;
}

const tenth = (seconds: number): string => String(Math.round(10 * seconds) / 10);

/** Which seconds of a video are taken. Neighbouring frames of a long one are far apart; of a second or two they move. */
export function PartForm({ seconds, part, disabled, take }: PartFormProps) {
  const id = useId();
  const [begin, setBegin] = useState(tenth(part.begin));
  const [end, setEnd] = useState(tenth(part.end));
  const chosen = { begin: Number(begin), end: Math.min(Number(end), seconds) };
  const wrong = begin.trim() === '' || end.trim() === '' || !(chosen.begin >= 0 && chosen.end - chosen.begin >= SHORTEST);
  const field = (name: string, label: string, value: string, set: (text: string) => void) => (
    <label htmlFor={`${id}${name}`}>
      {label}
      <input id={`${id}${name}`} type="number" inputMode="decimal" min={0} max={Math.ceil(10 * seconds) / 10} step={0.1} value={value} aria-invalid={wrong} aria-describedby={`${id}said`} onChange={(event) => set(event.target.value)} />
    </label>
  );
  return (
    <form className="part-form" onSubmit={(event) => { event.preventDefault(); if (!wrong && !disabled) take(chosen); }}>
      {field('b', 'From', begin, setBegin)}
      {field('e', 'to', end, setEnd)}
      <span>s</span>
      <button type="submit" className="button button-outline" disabled={wrong || disabled}>Take</button>
      <small id={`${id}said`} className={wrong ? 'part-wrong' : undefined}>
        {wrong ? `At least ${SHORTEST} s, within the ${tenth(seconds)} s of the video.` : `Of ${tenth(seconds)} s; frames are taken evenly.`}
      </small>
    </form>
  );
}
