/** What belongs to the page and to no lab: the engine, the theme, the toast. */

import { create } from 'zustand';
import { applyTheme, resolveTheme, watchSystemTheme, type ThemeChoice } from '../ui/theme';
import type { EngineChoice, EngineStatus } from './compute';
import { ComputeClient } from './compute-client';
import { dropEngine, onPlace, readPlace } from './link';

export interface ToastMessage {
  readonly message: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

interface PageStore {
  readonly compute: ComputeClient;
  readonly status?: EngineStatus;
  /** Why no engine could be started at all. */
  readonly broken?: string;
  readonly themeChoice: ThemeChoice;
  readonly theme: 'light' | 'dark';
  readonly toast?: ToastMessage;
  /** What was asked for: by the link, by the reader, else 'auto'. */
  readonly engineChoice: EngineChoice;
  startEngine(choice?: EngineChoice): Promise<void>;
  /** By the reader's hand: kept for later visits. */
  chooseEngine(choice: EngineChoice): void;
  setTheme(choice: ThemeChoice, options?: { readonly keep?: boolean }): void;
  say(toast?: ToastMessage): void;
}

const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];
const ENGINES: readonly EngineChoice[] = ['auto', 'webgpu', 'reference'];

/** Storage may be refused (a private window, an embedded frame): a choice is then only for this visit. */
function remembered<T extends string>(what: 'theme' | 'engine', among: readonly T[]): T | undefined {
  try {
    const stored = localStorage.getItem(`paperkernels:${what}`);
    return among.find((one) => one === stored);
  } catch {
    return undefined;
  }
}

function remember(what: 'theme' | 'engine', choice: string): void {
  try {
    localStorage.setItem(`paperkernels:${what}`, choice);
  } catch {
    // Not kept, then.
  }
}

/** The same engine told again, with its pace say, stays the same object: another would look like another engine. */
const merge = (before: EngineStatus | undefined, now: EngineStatus): EngineStatus =>
  before && before.losses === now.losses && JSON.stringify(before.device) === JSON.stringify(now.device) ? { ...now, device: before.device } : now;

const engineOfLink = (): EngineChoice | undefined => {
  const named = readPlace().query.get('engine');
  return ENGINES.find((engine) => engine === named);
};

export const usePage = create<PageStore>((set, get) => ({
  compute: new ComputeClient(),
  themeChoice: 'system',
  theme: 'light',
  engineChoice: 'auto',
  async startEngine(choice = get().engineChoice) {
    set({ engineChoice: choice });
    try {
      const status = await get().compute.start(choice, (next) => set((page) => ({ status: merge(page.status, next) })));
      set((page) => ({ status: merge(page.status, status), broken: undefined }));
    } catch (error) {
      set({ broken: error instanceof Error ? error.message : String(error) });
    }
  },
  chooseEngine(choice) {
    remember('engine', choice);
    dropEngine();
    void get().startEngine(choice);
  },
  setTheme(choice, { keep = true } = {}) {
    if (keep) remember('theme', choice);
    applyTheme(choice);
    set({ themeChoice: choice, theme: resolveTheme(choice) });
  },
  say: (toast) => set({ toast }),
}));

/** Called once by the entry. */
export function startPage(themeOfLink: ThemeChoice | undefined): void {
  const { setTheme, startEngine } = usePage.getState();
  setTheme(themeOfLink ?? remembered('theme', THEMES) ?? 'system', { keep: false });
  watchSystemTheme((theme) => {
    if (usePage.getState().themeChoice === 'system') usePage.setState({ theme });
  });
  onPlace(() => {
    const named = engineOfLink();
    if (named && named !== usePage.getState().engineChoice) void startEngine(named);
  });
  void startEngine(engineOfLink() ?? remembered('engine', ENGINES));
}
