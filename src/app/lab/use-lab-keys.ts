import { useEffect, useRef } from 'react';

export interface LabKeys {
  readonly present: boolean;
  readonly setPresent: (on: boolean) => void;
  readonly showKeys: () => void;
}

/** Letters belong to whoever is being typed into. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input:not([type=range]), textarea, select, .cm-editor, dialog') !== null;

/** P presents, Escape leaves, ? lists the keys. Arrows are the lesson's and the pictures' own. */
export function useLabKeys(keys: LabKeys): void {
  const now = useRef(keys);
  useEffect(() => { now.current = keys; });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { present, setPresent, showKeys } = now.current;
      if (event.key === 'p' || event.key === 'P') setPresent(!present);
      else if (event.key === 'Escape' && present) setPresent(false);
      else if (event.key === '?') showKeys();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
