import { useEffect } from 'react';

import { PinnedControl } from '../controls/ControlsPanel';
import type { LabProps, LessonStep } from '../lab-props';
import { Rich } from '../symbol/Symbol';

interface LessonBarProps extends Pick<LabProps, 'step' | 'setStep' | 'schema' | 'params' | 'defaults' | 'setParams' | 'resetParam'> {
  readonly lesson: readonly LessonStep[];
}

/** Arrow keys belong to a control, a tab or a picture that has the focus; else they step the lesson. */
const takesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, [role=application], [role=tablist], [role=dialog], .cm-editor') !== null;

/** Where the lesson stands, its sentence, the one control of the step, and the way on. */
export function LessonBar({ lesson, step, setStep, ...page }: LessonBarProps) {
  const at = Math.max(0, Math.min(lesson.length - 1, step));
  const { title, sentence, param } = lesson[at]!;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      const next = at + by;
      if (by === 0 || event.defaultPrevented || takesArrows(event.target) || next < 0 || next >= lesson.length) return;
      event.preventDefault();
      setStep(next);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [at, setStep, lesson.length]);
  return (
    <section className="lesson" aria-label="Lesson">
      <b className="lesson-count">Step {at + 1} of {lesson.length}</b>
      <span className="lesson-dots" aria-hidden="true">{lesson.map((s, i) => <i key={s.title} data-on={i <= at} />)}</span>
      <p aria-live="polite"><span className="visually-hidden">{title}. </span><Rich text={sentence} /></p>
      <div className="lesson-control">{param && <PinnedControl name={param} {...page} />}</div>
      <div className="lesson-way">
        <button type="button" disabled={at === 0} aria-label="Previous step" onClick={() => setStep(at - 1)}>←</button>
        <button type="button" disabled={at === lesson.length - 1} aria-label="Next step" onClick={() => setStep(at + 1)}>→</button>
      </div>
    </section>
  );
}
