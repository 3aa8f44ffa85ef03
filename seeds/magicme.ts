import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'magicme',
  name: 'Magic-Me',
  idea: 'Train and adapt',
  order: 8,
  sentence: 'Noise that agrees across frames keeps a face still.',
  picture: 'correlated noise, 6 frames',
  citation: {
    authors: '',
    title: 'Magic-Me',
    venue: '',
    links: [{ label: 'arXiv 2402.09368', href: 'https://arxiv.org/abs/2402.09368' }, { label: 'Magic-Me', href: 'https://github.com/Zhen-Dong/Magic-Me' }],
  },
  figures: [],
  presets: [],
};
