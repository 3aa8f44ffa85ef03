/** Dependency direction of the house (ARCHITECTURE.md): arrows run downward only. */
const from = (path) => ({ path });
const rule = (name, comment, fromPath, toPath) => ({
  name, comment, severity: 'error', from: from(fromPath), to: { path: toPath },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'A cycle has no direction.', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', comment: 'Every import resolves.', from: { pathNot: '\\.d\\.ts$' }, to: { couldNotResolve: true, pathNot: '(\\?|^virtual:)' } },
    rule('kernels-stand-alone', 'Kernels import nothing of src.', '^kernels/', '^(src|seeds)/'),
    rule('seeds-stand-alone', 'Seeds are data.', '^seeds/', '^(src|kernels)/'),
    rule('engine-below', 'The engine knows kernels only.', '^src/engine/', '^src/(app|cli|papers|quant|attention|linalg|inputs|golden|bench|ui|run)/'),
    rule('linalg-below', 'Linear algebra stands on the engine.', '^src/linalg/', '^src/(app|cli|papers|quant|attention|inputs|golden|bench|ui|run)/'),
    rule('inputs-below', 'Inputs know no method and no screen.', '^src/inputs/', '^src/(app|cli|papers|quant|attention|golden|bench|ui|run)/'),
    rule('run-below', 'A Run is plain data.', '^src/run/', '^src/(app|cli|papers|quant|attention|linalg|inputs|golden|bench|ui)/'),
    rule('quant-below-papers', 'Shared quantizers know no paper and no screen.', '^src/quant/', '^src/(app|cli|papers|attention|golden|bench|ui|report)/'),
    rule('attention-below-papers', 'Shared attention knows no paper and no screen.', '^src/attention/', '^src/(app|cli|papers|quant|golden|bench|ui|report|run)/'),
    rule('ui-knows-no-paper', 'Views read a Run, not a paper.', '^src/ui/', '^src/(app|cli|papers|quant|attention|linalg|golden|bench|report)/'),
    rule('report-below-app', 'The model report draws nothing and knows neither the shell nor the command line.', '^src/report/', '^src/(app|cli|golden|bench|ui)/'),
    rule('papers-below-app', 'Papers know neither the shell nor the command line.', '^src/papers/', '^src/(app|cli|golden|bench|report)/'),
    {
      name: 'papers-apart', severity: 'error', comment: 'No paper imports another.',
      from: { path: '^src/papers/([^/]+)/' }, to: { path: '^src/papers/([^/]+)/', pathNot: '^src/papers/$1/' },
    },
    {
      name: 'compute-without-react', severity: 'error', comment: 'What runs in the worker or a terminal draws nothing.',
      from: { path: '^(kernels|src/(engine|linalg|quant|attention|inputs|run|report|cli|golden|bench))/' }, to: { path: 'node_modules/(react|react-dom|recharts)/' },
    },
    rule('cli-apart', 'The page does not import the command line.', '^src/app/', '^src/(cli|golden)/'),
    {
      name: 'bench-below', severity: 'error', comment: 'The benchmark runs in a page, in a worker and in Node: it knows none of them.',
      from: { path: '^src/bench/' }, to: { path: '^src/(app|cli|papers|golden|ui|report)/' },
    },
    {
      name: 'bench-without-node', severity: 'error', comment: 'What the page runs needs no Node.',
      from: { path: '^(kernels|src/bench)/' }, to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.wgsl'] },
  },
};
