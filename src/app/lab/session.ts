/**
 * One lab on the page: link ▶ params ▶ request ▶ Run ▶ views. Changes go into the link and into one request; patches
 * come back and are merged into the Run. What was drawn last stays until something newer is there.
 */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { mergeRun, type Notice, type ParamValue, type Params, type Run, type RunPatch } from '../../run/run';
import { clamp, defaultsOf } from '../../run/schema';
import type { Phase } from '../../papers/contract';
import { InputError } from '../../inputs/error';
import type { Matrix } from '../../inputs/matrix';
import { readMatrix } from '../../inputs/tensors';
import type { RunOutcome } from '../compute';
import { openedClip, openedFile } from '../files/library';
import { fileText, formatPlace, isLoaded, isPreset, onPlace, readLink, readPlace, writeLink, writePlace, type FileRef, type LabLink, type PageState } from '../link';
import { usePage } from '../page-store';
import type { LabModule } from '../papers';
import { storedRun } from './stored';

export type LabState = 'loading' | 'running' | 'done' | 'error';

/** A file that stands in for an input, and the key under which the worker holds it. */
export interface LoadedFile extends FileRef {
  readonly key: string;
  readonly rows: number;
  readonly cols: number;
}

export interface LabSession extends LabLink {
  readonly state: LabState;
  readonly run?: Run;
  readonly pinned?: Run;
  readonly dragging: boolean;
  /** Results drawn so far. */
  readonly drawn: number;
  /** A newer run is under way. */
  readonly stale: boolean;
  /** Wall time from the last request to its first result, seconds. */
  readonly time?: number;
  readonly failure?: Notice;
  readonly loaded: Readonly<Record<string, LoadedFile>>;
  /** Roles whose file is open in this visit and is being read. */
  readonly reading: readonly string[];
  setParams(patch: Readonly<Record<string, ParamValue>>, options?: { readonly dragging?: boolean }): void;
  resetParam(name: string): void;
  applyPreset(params: Params): void;
  setPage(patch: Partial<PageState>, options?: { readonly replace?: boolean }): void;
  setLinkTheme(theme: LabLink['theme']): void;
  useFile(role: string, ref: FileRef, matrix: Matrix): Promise<void>;
  dropFile(role: string): void;
  pin(): void;
  unpin(): void;
  runAgain(): void;
}

const ALL: readonly Phase[] = ['methods', 'refine', 'sweeps', 'landscape', 'timing'];
const WHILE_DRAGGING: readonly Phase[] = ['methods'];
/** The baselines wait until the hand rests, milliseconds: the next move must find the worker free. */
const DRAG_REST = 200;
/** Browsers refuse more than a few addresses a second. */
const LINK_EVERY = 250;
const GESTURE_PAUSE = 1500;
/** How long a stored result may wait for a live one, milliseconds. */
const SOON = 700;

export interface OpenSession {
  readonly store: StoreApi<LabSession>;
  readonly close: () => void;
}

export function openSession(lab: LabModule): OpenSession {
  const { compute } = usePage.getState();
  const context = { schema: lab.schema, fileInputs: lab.fileInputs, stage: lab.stage };
  const defaults = defaultsOf(lab.schema);
  let nextId = 1;
  let sent = 0; // id of the newest request
  let shown = 0; // id of the request whose patches are in the Run
  let frame = 0;
  let again = false; // something changed since this frame's request
  let linkTimer = 0;
  let closed = false;
  let gesture = { subject: '', at: 0, open: false };

  const store = createStore<LabSession>((set, get) => ({
    ...readLink(readPlace().query, context),
    state: 'loading',
    dragging: false,
    drawn: 0,
    stale: false,
    loaded: {},
    reading: [],
    setParams(patch, { dragging = false } = {}) {
      const clean = Object.fromEntries(Object.entries(patch).filter(([name]) => name in lab.schema).map(([name, value]) => [name, clamp(lab.schema[name], value)]));
      set({ params: { ...get().params, ...clean }, dragging });
      writeAddress(dragging, Object.keys(clean).join());
      schedule();
    },
    resetParam: (name) => get().setParams({ [name]: defaults[name] }),
    applyPreset(params) {
      set({ params: { ...defaults, ...params }, files: {}, loaded: {}, dragging: false });
      writeAddress(false);
      void showStored();
      schedule();
    },
    setPage(patch, { replace = false } = {}) {
      set({ page: { ...get().page, ...patch } });
      writeAddress(false, '', replace);
    },
    setLinkTheme(theme) {
      if (get().theme === undefined) return;
      set({ theme });
      writeAddress(false, '', true);
    },
    async useFile(role, ref, matrix) {
      const key = await compute.loadMatrix(matrix.source, matrix.rows, matrix.cols, matrix.data);
      set({ files: { ...get().files, [role]: ref }, loaded: { ...get().loaded, [role]: { ...ref, key, rows: matrix.rows, cols: matrix.cols } } });
      writeAddress(false);
      schedule();
    },
    dropFile(role) {
      const without = <T>(record: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([name]) => name !== role));
      set({ files: without(get().files), loaded: without(get().loaded) });
      writeAddress(false);
      schedule();
    },
    pin: () => set({ pinned: get().run }),
    unpin: () => set({ pinned: undefined }),
    runAgain: () => schedule(),
  }));
  const { getState: get, setState: set } = store;

  // The worker holds no matrix longer than an input uses it.
  const stopFiles = store.subscribe((now, before) => {
    if (now.loaded !== before.loaded) drop(before.loaded, now.loaded);
  });
  function drop(before: LabSession['loaded'], now: LabSession['loaded']): void {
    const used = new Set(Object.values(now).map(({ key }) => key));
    for (const { key } of Object.values(before)) if (!used.has(key)) compute.dropMatrix(key);
  }

  /**
   * One entry of the history per gesture: its first write adds one, the rest of it replaces that one.
   * @param subject what is changed: the same again within a moment (arrow keys) is the same gesture
   */
  function writeAddress(dragging: boolean, subject = '', replace = false): void {
    const now = performance.now();
    const same = subject !== '' && subject === gesture.subject && (gesture.open || now - gesture.at < GESTURE_PAUSE);
    const held = replace || same;
    gesture = { subject, at: now, open: dragging };
    const write = (): void => {
      clearTimeout(linkTimer);
      linkTimer = 0;
      writePlace({ path: `/${lab.id}`, query: writeLink(get(), context) }, { replace: held });
    };
    if (!dragging || !held) write();
    else if (!linkTimer) linkTimer = window.setTimeout(write, LINK_EVERY);
  }

  /** The address of this result on a whole page, not presented and not embedded. */
  function linkOf(): string {
    const page = { ...get().page, present: false, embed: false };
    return new URL(formatPlace({ path: `/${lab.id}`, query: writeLink({ ...get(), page }, context) }), location.href).href;
  }

  /** The files of the link that were not given yet. A run without them would answer another question. */
  const missing = (): boolean => Object.entries(get().files).some(([role, ref]) => !isLoaded(get().loaded, role, ref));

  /** The link's files that are open in this visit need not be asked for. */
  async function readOpened(): Promise<void> {
    const found = Object.entries(get().files).flatMap(([role, ref]) => {
      if (isLoaded(get().loaded, role, ref)) return [];
      const [clip, source] = [openedClip(ref), openedFile(ref.name)];
      const read = clip ? () => Promise.resolve(clip) : source && (() => readMatrix(source, ref.tensor || undefined, { transpose: ref.transpose }));
      return read ? [{ role, ref, read }] : [];
    });
    if (found.length === 0) return;
    set({ reading: found.map(({ role }) => role) });
    for (const { role, ref, read } of found) {
      try {
        const matrix = await read();
        const now = get().files[role];
        if (!closed && now?.name === ref.name && now.tensor === ref.tensor) await get().useFile(role, ref, matrix);
      } catch (error) {
        const [happened, mend] = error instanceof InputError ? [error.what, error.mend] : [`${ref.name} was not read (${error instanceof Error ? error.message : String(error)}).`, 'Choose the file again.'];
        set({ failure: { level: 'failed', happened, mend } });
      }
    }
    set({ reading: [] });
  }

  /** At most one request per frame, the first of them at once. */
  function schedule(): void {
    if (!usePage.getState().status || missing()) return;
    if (frame) {
      again = true;
      return;
    }
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (!again) return;
      again = false;
      schedule();
    });
    void send();
  }

  async function send(): Promise<void> {
    const { params, loaded, dragging } = get();
    const id = nextId++;
    sent = id;
    const startedAt = performance.now();
    set({ state: 'running', stale: true });
    const files = Object.fromEntries(Object.entries(loaded).map(([role, file]) => [role, file.key]));
    const want = dragging ? WHILE_DRAGGING : ALL;
    const outcome = await compute.run({ id, lab: lab.id, params, files, want, rest: dragging ? DRAG_REST : undefined, link: linkOf() }, (of, patch) => receive(of, params, patch, startedAt));
    if (id === sent) finish(outcome);
  }

  function receive(id: number, params: Params, patch: RunPatch, startedAt: number): void {
    if (id < shown) return; // an older run's patch that was still on its way
    const { run, drawn } = get();
    const first = id > shown;
    shown = id;
    const next = mergeRun(first ? ground(run, params) : run!, patch);
    set({ run: next, failure: undefined, stale: id !== sent, ...(first ? { drawn: drawn + 1, time: (performance.now() - startedAt) / 1000 } : {}) });
  }

  /** A new run begins with nothing of its own, on top of the sweeps and timings that were last drawn. */
  function ground(run: Run | undefined, params: Params): Run {
    const { device } = usePage.getState().status!;
    const { files } = get();
    return {
      sweeps: {}, landscapes: {}, traffic: [], kernels: [], ...run,
      lab: lab.id, params, engine: device.engine, device,
      stages: {}, vectors: {}, spectra: {}, scalars: {}, methods: [], claims: [], notices: [], stageTimes: {},
      provenance: {
        version: run?.provenance.version ?? '', seed: typeof params.seed === 'number' ? params.seed : null,
        inputs: Object.fromEntries(Object.entries(files).map(([role, ref]) => [role, fileText(ref)])), link: linkOf(),
      },
    };
  }

  function finish(outcome: RunOutcome): void {
    if (outcome.kind === 'stale') return;
    if (outcome.kind === 'failed') {
      set({ state: 'error', stale: false, failure: { level: 'failed', happened: outcome.happened, mend: outcome.mend } });
    } else if (!get().dragging) set({ state: 'done', stale: false });
    else set({ stale: false });
  }

  /**
   * The reference engine compiles nothing: the page's first result comes so soon that drawing another before it would
   * only keep it waiting. Resolves when it is there, when the engine is another, or when it is late.
   */
  function liveExpected(): Promise<void> {
    const over = (): boolean => get().drawn > 0 || usePage.getState().status?.device.engine === 'webgpu';
    if (over()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const stop of stops) stop();
        resolve();
      };
      const look = (): void => { if (over()) end(); };
      const timer = setTimeout(end, SOON);
      const stops = [store.subscribe(look), usePage.subscribe(look)];
    });
  }

  /** Draws a preset's stored result at once, when the link is exactly that preset and nothing live is there. */
  async function showStored(): Promise<void> {
    const preset = lab.seed.presets.find((one) => isPreset(lab.schema, get(), one.params));
    if (!preset) return;
    const { params } = get();
    const newest = sent;
    const run = await storedRun(lab.id, preset.id);
    await liveExpected();
    // Something live came first, or the reader went on.
    if (!run || get().params !== params || shown > newest) return;
    set({ run: { ...run, provenance: { ...run.provenance, link: linkOf() } } });
  }

  function followLink(): void {
    const place = readPlace();
    if (place.path !== `/${lab.id}`) return;
    const link = readLink(place.query, context);
    const now = get();
    if (writeLink(link, context).toString() === writeLink(now, context).toString()) return;
    const inputs = (l: LabLink): string => JSON.stringify([l.params, l.files]);
    const changed = inputs(link) !== inputs(now);
    set({ ...link, loaded: Object.fromEntries(Object.entries(now.loaded).filter(([role]) => link.files[role])), dragging: false });
    if (link.theme && link.theme !== usePage.getState().themeChoice) usePage.getState().setTheme(link.theme, { keep: false });
    if (!changed) return;
    void showStored();
    void readOpened();
    schedule();
  }

  const stopLink = onPlace(followLink);
  const stopPage = usePage.subscribe((page, before) => {
    if (page.status?.device === before.status?.device) return;
    // A worker that repeats an interrupted run does so by itself; a first or a changed engine needs a new one.
    schedule();
  });
  void showStored();
  void readOpened();
  schedule();

  return {
    store,
    close() {
      closed = true;
      stopLink();
      stopPage();
      stopFiles();
      drop(get().loaded, {});
      cancelAnimationFrame(frame);
      clearTimeout(linkTimer);
      compute.cancel();
    },
  };
}
