import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import { actorName } from '../actor-name.ts';
import { defineChange, type Context, type Settled } from '../command.ts';

/** What both commands are, but for what they say and do. */
const common = {
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  uses: ['healing', 'clock'],
  arguments: {},
  flags: {},
  account: () => null,
  // Not what a restart holds: it must be possible to pause while one runs.
  resources: () => ['healing'],
} as const;

type Uses = 'healing' | 'clock';

function assertOn({ healing }: Pick<Context<Uses>, 'healing'>): void {
  if (!healing.snapshot().isOn) throw new AppError('E_HEALING_OFF');
}

/** Said twice it is the same. */
const again = (): Promise<Settled> => Promise.resolve({ state: 'not-done' });

/** `healing pause`: nothing is restarted by itself until it is resumed; it outlives the bot. */
export const healingPause = defineChange({
  ...common,
  words: ['healing', 'pause'],
  summary: 'healing.pause.summary',
  examples: ['healing pause'],
  plan: (context) => {
    assertOn(context);
    const text = say('healing.pause.plan');
    return Promise.resolve({ facts: {}, shown: [{ type: 'paragraph', text }] });
  },
  steps: [
    {
      name: 'pause',
      run: ({ healing, clock, actor }) => {
        healing.pause({ at: clock.now(), actor: actorName(actor) });
        return Promise.resolve({});
      },
      settle: again,
    },
  ],
  report: () => [{ type: 'outcome', outcome: 'ok', text: say('healing.pause.done') }],
});

/** `healing resume`: ends a pause, and lets self-healing go on where it waits for a person. */
export const healingResume = defineChange({
  ...common,
  words: ['healing', 'resume'],
  summary: 'healing.resume.summary',
  examples: ['healing resume'],
  plan: (context) => {
    assertOn(context);
    const text = say('healing.resume.plan');
    return Promise.resolve({ facts: {}, shown: [{ type: 'paragraph', text }] });
  },
  steps: [
    {
      name: 'resume',
      run: ({ healing, clock, actor }) => {
        healing.resume({ at: clock.now(), actor: actorName(actor) });
        return Promise.resolve({});
      },
      settle: again,
    },
  ],
  report: () => [{ type: 'outcome', outcome: 'ok', text: say('healing.resume.done') }],
});
