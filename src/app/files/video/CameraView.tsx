import { useEffect, useRef, useState } from 'react';
import type { Matrix } from '../../../inputs/matrix';
import { closeCamera, openCamera, record, wait } from './camera';
import { FRAMES } from './frames';

interface CameraViewProps {
  readonly onTaken: (matrix: Matrix) => void;
  readonly onFailed: (error: unknown) => void;
  readonly onCancel: () => void;
}

const COUNT = [3, 2, 1] as const;

/** Asks for the camera, shows it as a mirror would, counts down and records. The camera is closed the moment it is done. */
export function CameraView(props: CameraViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [count, setCount] = useState<number>();
  const [taken, setTaken] = useState<number>();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const now = useRef(props);
  useEffect(() => { now.current = props; });

  useEffect(() => {
    const { current: view } = video;
    if (!view) return undefined;
    const stop = new AbortController();
    let stream: MediaStream | undefined;
    const close = (): void => {
      closeCamera(stream);
      view.srcObject = null;
    };
    const run = async (): Promise<Matrix> => {
      stream = await openCamera();
      stop.signal.throwIfAborted();
      view.srcObject = stream;
      await view.play();
      for (const n of COUNT) {
        setCount(n);
        await wait(1000, stop.signal);
      }
      setCount(undefined);
      return record(view, setTaken, stop.signal);
    };
    run().finally(close).then(
      (matrix) => now.current.onTaken(matrix),
      (error: unknown) => { if (!stop.signal.aborted) now.current.onFailed(error); },
    );
    return () => {
      stop.abort(new DOMException('The camera was closed.', 'AbortError'));
      close();
    };
  }, []);

  const says = taken !== undefined ? `Recording, ${taken} of ${FRAMES} frames` : count !== undefined ? `Recording in ${count}` : 'Asking for the camera';
  return (
    <div className="camera">
      <div className="camera-view">
        <video ref={video} muted playsInline aria-label="What the camera sees" />
        {count !== undefined && <span className="camera-count" aria-hidden="true">{count}</span>}
      </div>
      {/* A listener hears the countdown, not every frame. */}
      <output className="visually-hidden">{taken === undefined ? says : 'Recording'}</output>
      <p className="video-says" aria-hidden="true">{says}</p>
      <progress className="progress-track" aria-label="Frames recorded" max={FRAMES} value={taken ?? 0} />
      <span className="file-actions"><button ref={cancel} type="button" className="button" onClick={props.onCancel}>Cancel</button></span>
    </div>
  );
}
