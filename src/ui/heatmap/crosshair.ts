/** The cell under the pointer, shared by every picture of a lab. Kept outside React: a move repaints nothing. */

import { createContext, useContext } from 'react';

import type { Cell } from '../lab-props';

type Listener = (cell: Cell | undefined) => void;

export class Crosshair {
  private readonly listeners = new Set<Listener>();
  private current: Cell | undefined;

  get cell(): Cell | undefined {
    return this.current;
  }

  set(cell: Cell | undefined): void {
    this.current = cell;
    for (const listener of this.listeners) listener(cell);
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => { this.listeners.delete(listener); };
  }
}

export const CrosshairContext = createContext(new Crosshair());
export const useCrosshair = (): Crosshair => useContext(CrosshairContext);
