import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'svg2',
  name: 'Sparse VideoGen 2',
  idea: 'Attend to less',
  order: 5,
  core: true,
  sentence: 'Cluster tokens by meaning, permute, and the map turns to blocks.',
  picture: 'before and after the permutation',
  citation: {
    authors: '',
    title: 'Sparse VideoGen 2',
    venue: '',
    links: [{ label: 'arXiv 2505.18875', href: 'https://arxiv.org/abs/2505.18875' }],
  },
  figures: [],
  presets: [],
};
