/** The chosen head and what it gives: what the strip is drawn from. */

import type { Attention } from '../../attention/dense';
import type { TileCount } from '../../attention/pairs';
import type { Profile } from '../../attention/profile';
import type { Facts } from './facts';
import type { Look, Maps } from './maps';
import type { Masked } from './outcomes';
import type { Settings } from './params';

/** What is shown, within what there is. Heads and tokens count from 0. */
export interface Shown {
  readonly head: number;
  readonly token: number;
  /** From 1. */
  readonly step: number;
}

export interface Parts {
  readonly shown: Shown;
  readonly settings: Settings;
  readonly dense: Attention;
  readonly masked: Masked;
  /** This step or this layer stays dense. */
  readonly gated: boolean;
  readonly profile: Profile;
  readonly verdict: number;
  readonly maps: Maps;
  readonly look: Look;
  /** Tiles as they are run, and as the same pairs fill them in frame-major order. */
  readonly run: TileCount;
  readonly left: TileCount;
  readonly facts: Facts;
}
