/** Where `npm run bench` enters; the command is src/cli/bench.ts. */

export { main } from '../cli/bench';
