import { useEffect, useRef, useState } from 'react';
import { InputError } from '../../../inputs/error';
import type { Matrix } from '../../../inputs/matrix';
import type { Notice } from '../../../run/run';
import { NoticeBox } from '../../../ui/feedback/NoticeBox';
import type { LabSession } from '../../lab/session';
import { fileText, isLoaded, type FileRef } from '../../link';
import { firstTime } from '../first-time';
import { openedClip, openedVideo, rememberClip } from '../library';
import { WEBCAM } from './camera';
import { CameraView } from './CameraView';
import { ContactSheet } from './ContactSheet';
import { FRAMES, isStill } from './frames';
import { partSays, partText, readPart, type Part } from './part';
import { PartForm } from './PartForm';
import { takeClip } from './take';
import './video.css';

const ACCEPT = 'video/*,.mp4,.m4v,.webm,.mov,.mkv,.gif,.npy';

/** Where the panel stands beside the lab. Elsewhere it is far below what its video changes. */
const BESIDE = '(min-width: 1160px)';

/** What the reader wants from elsewhere on the page: to choose a file or to record. Anew with every object. */
export interface VideoWish {
  readonly by: 'file' | 'camera';
}

interface VideoPanelProps {
  readonly session: LabSession;
  readonly dropped?: File;
  readonly wish?: VideoWish;
}

type Trouble = Notice & { readonly by: 'file' | 'camera' };

const STILL: Notice = { level: 'degraded', happened: 'Nothing moves: every frame is the same.', mend: 'Choose another part or another video, or go on with it.' };

function troubleOf(error: unknown, by: Trouble['by'], name: string): Trouble {
  const [happened, mend] = error instanceof InputError
    ? [error.what, error.mend]
    : [`${name} was not read (${error instanceof Error ? error.message : String(error)}).`, 'Try again, or choose another file.'];
  return { level: 'failed', happened, mend, by };
}

/** A video of the reader's own: from a file or a camera, some frames as a matrix. Nothing leaves the machine. */
export default function VideoPanel({ session, dropped, wish }: VideoPanelProps) {
  const input = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState(false);
  const [taking, setTaking] = useState<{ readonly name: string; readonly frames: number }>();
  const [trouble, setTrouble] = useState<Trouble>();
  const stop = useRef<AbortController>(null);
  const now = useRef(session);
  useEffect(() => { now.current = session; });
  useEffect(() => () => stop.current?.abort(), []);

  const hand = async (ref: FileRef, matrix: Matrix): Promise<void> => {
    rememberClip(ref, matrix);
    await now.current.useFile('video', ref, matrix);
    if (!matchMedia(BESIDE).matches) document.getElementById('main')?.scrollIntoView();
  };

  const open = async (file: File, part?: Part): Promise<void> => {
    stop.current?.abort();
    const controller = new AbortController();
    stop.current = controller;
    const { signal } = controller;
    setCamera(false);
    setTrouble(undefined);
    setTaking({ name: file.name, frames: 0 });
    const { files, loaded } = now.current;
    // A link that waits for this file says which part of it.
    const waiting = files.video?.name === file.name && !isLoaded(loaded, 'video', files.video) ? readPart(files.video.tensor) : undefined;
    try {
      const { ref, matrix } = await takeClip(file, { part: part ?? waiting, onFrame: (frames) => setTaking({ name: file.name, frames }), signal });
      signal.throwIfAborted();
      await hand(ref, matrix);
    } catch (error) {
      if (!signal.aborted) setTrouble(troubleOf(error, 'file', file.name));
    } finally {
      if (stop.current === controller) setTaking(undefined);
    }
  };

  const start = (by: Trouble['by']): void => {
    setTrouble(undefined);
    if (by === 'file') input.current?.click();
    else {
      stop.current?.abort();
      setTaking(undefined);
      setCamera(true);
    }
  };

  // Whoever works by keyboard is brought back to where the camera was asked for.
  const recorder = useRef<HTMLButtonElement>(null);
  const showed = useRef(false);
  useEffect(() => {
    if (showed.current && !camera && document.activeElement === document.body) recorder.current?.focus({ preventScroll: true });
    showed.current = camera;
  }, [camera]);

  const latest = useRef({ open, start });
  useEffect(() => { latest.current = { open, start }; });
  useEffect(() => { if (dropped && firstTime(dropped)) void latest.current.open(dropped); }, [dropped]);
  useEffect(() => { if (wish && firstTime(wish)) latest.current.start(wish.by); }, [wish]);

  const recorded = (matrix: Matrix): void => {
    setCamera(false);
    hand({ name: WEBCAM, tensor: '', transpose: false }, matrix).catch((error: unknown) => setTrouble(troubleOf(error, 'camera', 'The recording')));
  };
  const failed = (error: unknown): void => {
    setCamera(false);
    setTrouble(troubleOf(error, 'camera', 'The camera'));
  };

  const { video } = session.loaded;
  const clip = video && openedClip(video);
  const source = video && openedVideo(video.name);
  const part = video && readPart(video.tensor);
  return (
    <section className="files" aria-label="Your video">
      <h2>Your video</h2>
      {video && !camera && (
        <div className="file-use">
          {clip && <ContactSheet matrix={clip} name={video.name} />}
          <b>{video.name === WEBCAM ? 'Your recording' : video.name}</b>, {part && `${partSays(part)}, `}{video.rows} frames, the middle square{' '}
          <button type="button" className="file-pick" onClick={() => session.dropFile('video')}>remove</button>
        </div>
      )}
      {source && video && !camera && (
        <PartForm key={fileText(video)} seconds={source.seconds} part={part ?? { begin: 0, end: source.seconds }} disabled={taking !== undefined} take={(chosen) => void open(source.file, readPart(partText(chosen)))} />
      )}
      {camera && <CameraView onTaken={recorded} onFailed={failed} onCancel={() => setCamera(false)} />}
      {taking && (
        <div className="taking">
          <output className="visually-hidden">Taking frames of {taking.name}</output>
          <p className="video-says">Taking frames of {taking.name}, {taking.frames} of {FRAMES}</p>
          <progress className="progress-track" aria-label="Frames taken" max={FRAMES} value={taking.frames} />
          <span className="file-actions"><button type="button" className="button" onClick={() => { stop.current?.abort(); setTaking(undefined); }}>Cancel</button></span>
        </div>
      )}
      {trouble && <NoticeBox notice={trouble} actions={[{ label: trouble.by === 'camera' ? 'Try again' : 'Another file', onClick: () => start(trouble.by) }, { label: 'Dismiss', onClick: () => setTrouble(undefined) }]} />}
      {clip && !camera && !taking && isStill(clip) && <NoticeBox notice={STILL} />}
      {!camera && (
        <span className="file-actions video-actions">
          <button type="button" className="button button-outline" onClick={() => start('file')}>Choose a file</button>
          <button ref={recorder} type="button" className="button button-outline" onClick={() => start('camera')}>{video?.name === WEBCAM ? 'Record again' : 'Webcam'}</button>
        </span>
      )}
      <p>Or drop an .mp4, .webm, .mov, .gif or .npy anywhere. Nothing leaves this machine.</p>
      <input
        ref={input} type="file" accept={ACCEPT} hidden aria-label="Choose a video, or a .npy file of frames"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void open(file);
        }}
      />
    </section>
  );
}
