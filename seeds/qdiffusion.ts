import type { PaperSeed } from './paper';

export const seed: PaperSeed = {
  id: 'qdiffusion',
  name: 'Q-Diffusion',
  idea: 'Quantize',
  order: 3,
  sentence: 'Activations drift over the steps, so calibrate over all of them.',
  picture: 'activations by timestep',
  citation: {
    authors: '',
    title: 'Q-Diffusion',
    venue: '',
    links: [{ label: 'q-diffusion', href: 'https://github.com/Xiuyu-Li/q-diffusion' }],
  },
  figures: [],
  presets: [],
};
