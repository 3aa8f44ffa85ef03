import { useId } from 'react';
import { Panel } from '../../ui/panels/Panel';
import type { EngineChoice } from '../compute';
import { paceSentence } from '../notices';
import { usePage } from '../page-store';

const CHOICES: readonly (readonly [choice: EngineChoice, label: string, says: string])[] = [
  ['auto', 'Automatic', 'WebGPU on a GPU. On a software adapter plain TypeScript, unless WebGPU was measured to be clearly faster here.'],
  ['webgpu', 'WebGPU', 'WebGPU wherever there is an adapter, software or not.'],
  ['reference', 'Reference', 'Every kernel in TypeScript with sums in float64, on any machine.'],
];

/** Which engine the labs run on, by the reader's choice; kept for the next visit. */
export function EnginePanel() {
  const { engineChoice, chooseEngine, status } = usePage();
  const id = useId();
  const pace = status?.software?.pace;
  const measured = pace ? paceSentence(pace) : '';
  const said = status?.notices.some(({ mend }) => mend.includes(measured));
  return (
    <Panel title="Engine" note="kept in this browser">
      <div className="control device-engine" role="radiogroup" aria-labelledby={id}>
        <span id={id} className="visually-hidden">Engine of the labs</span>
        <div className="segments" style={{ gridTemplateColumns: `repeat(${CHOICES.length}, minmax(0, 1fr))` }}>
          {CHOICES.map(([choice, label]) => (
            <label key={choice}>
              <input type="radio" name={id} value={choice} checked={engineChoice === choice} onChange={() => chooseEngine(choice)} />
              <span>{label}</span>
            </label>
          ))}
        </div>
        <p className="control-help">{CHOICES.find(([choice]) => choice === engineChoice)?.[2]}{!said && ` ${measured}`}</p>
      </div>
    </Panel>
  );
}
