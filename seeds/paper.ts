/** A seeds file: what a paper is, what it published (each with where it stands), and its lab's presets. */

export type Idea = 'Quantize' | 'Attend to less' | 'Train and adapt' | 'See with fewer tokens' | 'Route and reason' | 'Measure';

export interface PublishedFigure {
  readonly label: string;
  readonly value: string;
  /** Table, figure or file in which it stands. */
  readonly where: string;
}

export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
}

export interface PaperSeed {
  readonly id: string;
  readonly name: string;
  readonly idea: Idea;
  readonly order: number;
  readonly core?: boolean;
  /** One sentence: what the method does, no adjectives. `*XW*` sets a variable. */
  readonly sentence: string;
  /** What the picture on its card shows. */
  readonly picture: string;
  readonly citation: { readonly authors: string; readonly title: string; readonly venue: string; readonly links: readonly { readonly label: string; readonly href: string }[] };
  readonly figures: readonly PublishedFigure[];
  readonly presets: readonly Preset[];
}
