import type { PaperSeed } from './paper';

const ABSTRACT = 'abstract';
const SCRIPT = 'scripts/wan/wan_t2v_720p_sap.sh in the official code';

export const seed: PaperSeed = {
  id: 'svg2',
  name: 'Sparse VideoGen 2',
  idea: 'Attend to less',
  order: 5,
  core: true,
  sentence: 'Tokens are brought together by meaning, not by place, and each group looks at few others.',
  picture: 'attention by place, and the same by cluster',
  citation: {
    authors: 'Yang, Xi, Zhao, et al.',
    title: 'Sparse VideoGen2: Accelerate Video Generation with Sparse Attention via Semantic-Aware Permutation',
    venue: 'NeurIPS 2025, spotlight',
    links: [
      { label: 'arXiv 2505.18875', href: 'https://arxiv.org/abs/2505.18875' },
      { label: 'Sparse-VideoGen', href: 'https://github.com/svg-project/Sparse-VideoGen' },
    ],
  },
  figures: [
    { label: 'HunyuanVideo, whole generation', value: 'up to 2.30× faster', where: ABSTRACT },
    { label: 'HunyuanVideo, PSNR', value: 'up to 30 dB', where: ABSTRACT },
    { label: 'Wan 2.1, whole generation', value: 'up to 1.89× faster', where: ABSTRACT },
    { label: 'Wan 2.1, PSNR', value: 'up to 26 dB', where: ABSTRACT },
    { label: 'Query clusters, key clusters', value: '300, 1000', where: SCRIPT },
    { label: 'Top-p, minimum kept share', value: '0.9, 10 %', where: SCRIPT },
    { label: 'k-means iterations, first step and later ones', value: '50, 2', where: SCRIPT },
    { label: 'Dense share of steps and of layers', value: '20 %, 3 %', where: SCRIPT },
  ],
  presets: [
    { id: 'default', label: 'Drifting', note: 'Regions move from frame to frame: clusters find them, blocks of places mix them.', params: {} },
    { id: 'soft', label: 'Soft', note: 'At τ 4 each token looks at more of the video: over a third of the pairs are needed, and most tiles stay active.', params: { sharpness: 4 } },
    { id: 'sharp', label: 'Sharp', note: 'At τ 8 a fifteenth of the pairs holds nine tenths of the attention.', params: { sharpness: 8 } },
    { id: 'cut', label: 'Scene cut', note: 'Half of the frames change after the first step: the cached centroids have not seen the new scene and end farther from it than as many iterations from random tokens.', params: { step: 1, cut: 50 } },
    { id: 'warm', label: 'Later step', note: 'Two iterations from the centroids of the step before do what took many from random tokens.', params: { step: 3 } },
    { id: 'shared', label: 'Shared labels', note: 'What a token looks for is not what it is: one clustering for both needs most of the pairs.', params: { labels: 'keys' } },
    { id: 'equal', label: 'Equal regions', note: 'Where queries and keys have the same regions, sharing labels costs nothing, and the claim that they must be apart fails.', params: { fields: 'equal' } },
    { id: 'scripts', label: 'Scripts', note: 'The minimum of 10 % puts a floor under the density whatever p asks for: sharp attention then keeps more than p.', params: { setting: 'scripts', sharpness: 8 } },
    { id: 'sizes', label: 'No sizes', note: 'Centroids that forget how many keys they stand for: fewer pairs at the same p, and more error than with sizes.', params: { sizeWeighted: false, sharpness: 4 } },
    { id: 'text', label: 'Prompt', note: 'Text is never clustered: the prompt sees and is seen by all, padding only by itself.', params: { text: 64, prompt: 40 } },
    { id: 'clip', label: 'Clip', note: 'Patches of a drawn clip through fixed random projections, no trained model: what a patch looks for is what it shows, so shared labels cost next to nothing.', params: { source: 'clip', sharpness: 8 } },
  ],
};
