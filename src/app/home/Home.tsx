import { useEffect } from 'react';
import type { PaperSeed } from '../../../seeds/paper';
import { Rich } from '../../ui/symbol/Symbol';
import { isBuilt, preloadLab } from '../lab-modules';
import { ideas, seeds } from '../papers';
import { PageBar } from '../shell/PageBar';
import { RunThumbnail } from './RunThumbnail';
import { SketchThumbnail } from './SketchThumbnail';
import './home.css';

function Card({ seed }: { readonly seed: PaperSeed }) {
  const built = isBuilt(seed.id);
  const text = (
    <>
      {built ? <RunThumbnail lab={seed.id} preset={seed.presets[0]?.id ?? ''} /> : <SketchThumbnail id={seed.id} />}
      <h3>{seed.name}{seed.core && <span className="core-mark">core</span>}</h3>
      <p><Rich text={seed.sentence} /></p>
      <p className="card-picture">{built ? seed.picture : `not built yet; sketch: ${seed.picture}`}</p>
    </>
  );
  if (!built) return <div className="card">{text}</div>;
  return <a className="card card-built" href={`#/${seed.id}`} onPointerEnter={() => preloadLab(seed.id)} onFocus={() => preloadLab(seed.id)}>{text}</a>;
}

const built = seeds.filter((seed) => isBuilt(seed.id));
const names = new Intl.ListFormat('en').format(built.map((seed) => seed.name));
const countWord = ['None', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'][built.length] ?? String(built.length);

/** The papers by idea. */
export function Home() {
  useEffect(() => { document.title = 'Paperkernels'; }, []);
  return (
    <div className="home">
      <PageBar current="papers" />
      <main>
        <div className="home-hero">
          <h1>Seventeen <span className="together">efficient-AI</span> papers, computed live on your own GPU, with the error and the time in plain sight.</h1>
          <div className="home-say">
            <p>
              {countWord} of the seventeen {built.length === 1 ? 'is' : 'are'} built: {names}. {built.length === 1 ? 'Its picture is' : 'Their pictures are'} from a
              stored run that its lab computes anew; the others are sketches, drawn in this page from a seed.
            </p>
            <a className="button button-primary home-model" href="#/model">Measure your model</a>
          </div>
        </div>
        {ideas.map((idea, i) => (
          <section className="idea" key={idea.name} aria-label={idea.name}>
            <h2>{idea.name}<small>{idea.says}</small></h2>
            <div className="cards">
              {seeds.filter((seed) => seed.idea === idea.name).map((seed) => <Card key={seed.id} seed={seed} />)}
              {i === 1 && <p className="core-note"><span className="core-mark">core</span> marks the four labs at the heart: SVDQuant, SqueezeLLM, Sparse VideoGen and Sparse VideoGen 2.</p>}
            </div>
          </section>
        ))}
      </main>
    </div>
  );
}
