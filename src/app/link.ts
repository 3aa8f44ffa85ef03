/**
 * The link: `#/svdquant?v=1&rank=16&view=kernels`. All of it stands after the hash, so that the page works from any
 * folder of a static host. Parameters are read and written by the lab's schema; what else is in a link is below.
 */

import { useSyncExternalStore } from 'react';
import { defaultsOf, fromQuery, toQuery, type Schema } from '../run/schema';
import type { Params } from '../run/run';
import type { LabView, Selection } from '../ui/lab-props';
import type { ThemeChoice } from '../ui/theme';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function readPlace(hash = location.hash): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return { path: `/${path}`, query: new URLSearchParams(query) };
}

/** Commas, colons and slashes stay readable: none of them ends a fragment or a value. */
export function formatPlace({ path, query }: Place): string {
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return `#${path}${text ? `?${text}` : ''}`;
}

const CHANGED = 'paperkernels:place';

/** Writes the address. `replace` while something is dragged, a new entry of the history when it is let go. */
export function writePlace({ path: to, query }: Place, { replace }: { readonly replace: boolean }): void {
  const engine = readPlace().query.get('engine');
  const kept = new URLSearchParams(query);
  if (engine) kept.set('engine', engine); // any page's link may name one: it stays until another is chosen
  const next = formatPlace({ path: to, query: kept });
  if (next === location.hash) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', next);
  window.dispatchEvent(new Event(CHANGED));
}

/** Takes the engine's name out of the address: another was chosen by hand. */
export function dropEngine(): void {
  const place = readPlace();
  place.query.delete('engine');
  history.replaceState(null, '', formatPlace(place));
}

export function onPlace(changed: () => void): () => void {
  const events = ['hashchange', 'popstate', CHANGED];
  for (const event of events) window.addEventListener(event, changed);
  return () => {
    for (const event of events) window.removeEventListener(event, changed);
  };
}

const path = (): string => readPlace().path;

/** The path of the hash: what the page shows. */
export const usePath = (): string => useSyncExternalStore(onPlace, path);

/** A file in place of a generated input: NAME#TENSOR, turned or not. */
export interface FileRef {
  readonly name: string;
  readonly tensor: string;
  readonly transpose: boolean;
}

/** A .npy file holds one array, named by the file itself: the name is not said twice. */
const stemOf = (name: string): string => (/\.npy$/i.test(name) ? name.slice(0, -4) : '');
export const fileText = ({ name, tensor }: Pick<FileRef, 'name' | 'tensor'>): string => (tensor && tensor !== stemOf(name) ? `${name}#${tensor}` : name);

/** Whether the file that a link names for a role is among those that are there: of a video, the very part. */
export function isLoaded(files: Readonly<Record<string, FileRef>>, role: string, ref: FileRef): boolean {
  const file = files[role] as FileRef | undefined;
  const tensor = ref.tensor === '' && role !== 'video' ? file?.tensor : ref.tensor;
  return file?.name === ref.name && file.tensor === tensor && file.transpose === ref.transpose;
}

export interface PageState {
  readonly view: LabView;
  /** Step of the lesson, from 0. */
  readonly step: number;
  readonly present: boolean;
  readonly embed: boolean;
  readonly hidden: readonly string[];
  readonly selection: Selection;
  /** Kernel in the editor. */
  readonly kernel: string;
}

export interface LabLink {
  readonly params: Params;
  readonly page: PageState;
  readonly files: Readonly<Record<string, FileRef>>;
  /** Only when the link names one. */
  readonly theme?: ThemeChoice;
}

export interface LinkContext {
  readonly schema: Schema;
  readonly fileInputs: readonly string[];
  readonly stage: string;
}

const VIEWS: readonly LabView[] = ['lab', 'lesson', 'kernels'];
const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** Unknown names are ignored and missing ones take their defaults, so old links go on working. */
export function readLink(query: URLSearchParams, { schema, fileInputs, stage }: LinkContext): LabLink {
  const files = fileInputs.flatMap((role) => {
    const text = query.get(role);
    if (!text) return [];
    const [name, tensor = stemOf(name)] = text.split(/#(.*)/s);
    return [[role, { name, tensor, transpose: query.get(`transpose-${role}`) === '1' }] as const];
  });
  // A lab may have a parameter of its own named step; older links call the lesson's so.
  const step = Number(query.get('lesson') ?? ('step' in schema ? null : query.get('step')) ?? 1);
  return {
    params: fromQuery(schema, query),
    files: Object.fromEntries(files),
    theme: THEMES.find((theme) => theme === query.get('theme')),
    page: {
      view: VIEWS.find((view) => view === query.get('view')) ?? 'lab',
      step: Number.isInteger(step) && step >= 1 ? step - 1 : 0,
      present: query.get('present') === '1',
      embed: query.get('embed') === '1',
      hidden: (query.get('hide') ?? '').split(',').filter(Boolean),
      selection: readSelection(query.get('sel'), stage),
      kernel: query.get('kernel') ?? '',
    },
  };
}

export function writeLink(link: LabLink, { schema, stage }: LinkContext): URLSearchParams {
  const { page, files, theme } = link;
  const query = toQuery(schema, link.params);
  for (const [role, ref] of Object.entries(files)) {
    query.set(role, fileText(ref));
    if (ref.transpose) query.set(`transpose-${role}`, '1');
  }
  if (page.view !== 'lab') query.set('view', page.view);
  if (page.step > 0) query.set('lesson', String(page.step + 1));
  if (page.present) query.set('present', '1');
  if (page.embed) query.set('embed', '1');
  if (page.hidden.length > 0) query.set('hide', page.hidden.join(','));
  if (page.kernel) query.set('kernel', page.kernel);
  const selection = writeSelection(page.selection, stage);
  if (selection) query.set('sel', selection);
  if (theme) query.set('theme', theme);
  return query;
}

/** 'r:k26,n37' */
function writeSelection({ stage, cell }: Selection, usual: string): string {
  const at = cell ? Object.entries(cell).map(([axis, index]) => `${axis}${index}`).join(',') : '';
  if (!at) return stage === usual ? '' : stage;
  return `${stage}:${at}`;
}

function readSelection(text: string | null, usual: string): Selection {
  if (!text) return { stage: usual };
  const [stage, at = ''] = text.split(':');
  const cell = [...at.matchAll(/([a-z])(\d{1,7})/g)].map(([, axis, index]) => [axis, Number(index)] as const);
  return cell.length > 0 ? { stage, cell: Object.fromEntries(cell) } : { stage };
}

/** True where the link's parameters are those of a preset and no file stands in for an input. */
export function isPreset(schema: Schema, link: Pick<LabLink, 'params' | 'files'>, preset: Readonly<Record<string, unknown>>): boolean {
  const full: Record<string, unknown> = { ...defaultsOf(schema), ...preset };
  return Object.keys(link.files).length === 0 && Object.keys(schema).every((name) => link.params[name] === full[name]);
}
