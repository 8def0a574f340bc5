import { AppError } from '../../../../src/core/errors.ts';
import { say, type Text } from '../../../../src/core/text.ts';
import type { Facts } from '../../../../src/ops/doctor/facts.ts';
import type { OwnState } from '../../../../src/ops/doctor/machine.ts';
import type { Probed } from '../../../../src/ops/health/probe.ts';
import { fakeNow } from '../../../fakes/cluster.ts';
import { fakeStatus } from '../../../fakes/objects.ts';
import type { Row } from './row.ts';
import { known } from './well-facts.ts';

const homeserver: OwnState['homeserver'] = {
  ...{ url: 'http://hs', reachable: true, adminProblem: null },
};

const own = (rest: Partial<OwnState>): Partial<Facts> => ({
  own: known({ startedAt: fakeNow - 9000, keysLost: false, homeserver, ...rest }),
});

/** What a probe of `health` says of trouble. */
export const trouble = (id: Probed['id'], detail: Text, next: Text): Probed => ({
  ...{ id, tookMs: 3 },
  result: { is: 'problem', detail, next },
});

/** Troubles of the bot, its home server, and what `health` asks. */
export const ownRows: readonly Row[] = [
  {
    name: 'the bot does not run',
    facts: own({ startedAt: null }),
    ...{ check: 'bot', severity: 'warning', seen: 'nobody answers' },
    fix: 'systemctl start urtc-bot',
  },
  {
    name: 'the bot refuses to start without its keys',
    facts: own({ startedAt: null, keysLost: true }),
    ...{ check: 'bot', severity: 'broken', seen: 'gone or damaged', fix: 'urtc bot recover' },
  },
  {
    name: 'the home server does not answer',
    facts: own({
      homeserver: {
        ...homeserver,
        reachable: false,
        adminProblem: new AppError('E_ADMIN_API_UNREACHABLE', { url: 'http://hs', reason: 'no' }),
      },
    }),
    ...{ check: 'homeserver', severity: 'broken', seen: 'http://hs', fix: 'homeserver.url' },
  },
  {
    name: 'the home server does not take the admin credential',
    facts: own({
      homeserver: {
        ...homeserver,
        reachable: false,
        adminProblem: new AppError('E_ADMIN_API_FORBIDDEN'),
      },
    }),
    ...{ check: 'homeserver', severity: 'broken', seen: 'refuses', fix: 'admin.accessToken' },
  },
  {
    name: 'a part of the stack does not answer',
    facts: {
      answers: known([
        trouble('mas', say('health.status', { status: '502' }), say('health.keys-expired.next')),
      ]),
    },
    ...{ check: 'services', severity: 'warning', seen: 'status 502', fix: 'Check the clock' },
  },
  {
    name: 'an image that can not be fetched',
    facts: {},
    cluster: ({ view }) => {
      const pod = view.get('Pod', { name: 'ess-element-web-5d9c7b8f6-x2x4z' }).value;
      if (pod === null) throw new Error('no Element Web');
      const state = { is: 'waiting', reason: 'ImagePullBackOff', message: null } as const;
      const containers = [fakeStatus('element-web', { state, ready: false })];
      view.put('Pod', { ...pod, ready: false, containers });
    },
    ...{ check: 'stack', severity: 'broken', seen: 'can not be fetched' },
    fix: 'crictl pull registry.test/element-web:1.0.0`',
  },
];
