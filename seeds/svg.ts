import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'svg',
  name: 'Sparse VideoGen',
  idea: 'Attend to less',
  order: 4,
  core: true,
  sentence: 'Each head attends in space or in time; find out which.',
  picture: 'a spatial head, a temporal head',
  citation: {
    authors: '',
    title: 'Sparse VideoGen',
    venue: '',
    links: [{ label: 'arXiv 2502.01776', href: 'https://arxiv.org/abs/2502.01776' }],
  },
  figures: [],
  presets: [],
};
