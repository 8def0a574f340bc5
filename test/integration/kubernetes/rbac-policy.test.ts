import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../lab/wait.ts';
import { deeds, workloadSchema, type Deed, type LiveWorkload } from './rbac/deeds.ts';
import { forms, type Form } from './rbac/forms.ts';
import { startGuarded, type Guarded } from './rbac/guarded.ts';
import { patchTypes } from './rbac/identity.ts';
import { mayPut } from './rbac/may-put.ts';
import { makeWorkloads, singles } from './rbac/two-workloads.ts';

const names = {
  ess: { release: 'house', namespace: 'den' },
  own: { release: 'warden', namespace: 'wardens' },
  certs: 'seals',
};
let lab: Guarded;
beforeAll(async () => {
  lab = await startGuarded(names, makeWorkloads(names));
}, 300_000);
afterAll(() => lab[Symbol.asyncDispose]());

const apps = '/apis/apps/v1/namespaces/den';
const workloads = {
  Deployment: `${apps}/deployments/house-haproxy`,
  StatefulSet: `${apps}/statefulsets/house-synapse-main`,
} as const;
const kinds = ['Deployment', 'StatefulSet'] as const;
const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const restart = (at: string): unknown => ({
  spec: { template: { metadata: { annotations: { [restartedAt]: at } } } },
});

const bindingSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
const managedSchema = z.object({
  metadata: z.object({ managedFields: z.array(z.record(z.string(), z.unknown())) }),
});

const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const checkedSchema = z.object({
  status: z.object({ typeChecking: z.looseObject({}).optional() }).optional(),
});

const live = async (path: string): Promise<LiveWorkload> =>
  workloadSchema.parse(JSON.parse((await lab.admin.send('GET', path)).text));

/** Bends a live object and says it in one form; again where somebody else wrote in between. */
const attempt = async (
  path: string,
  deed: Deed,
  form: Form,
): Promise<{ readonly status: number; readonly text: string }> => {
  for (let tries = 1; ; tries += 1) {
    const before = await live(path);
    const after = structuredClone(before);
    deed.change(after);
    const answer = await lab.as.bot.send(form.method, `${path}?dryRun=All&${form.query}`, {
      type: form.type,
      body: form.body(before, after),
    });
    if (answer.status !== 409 || tries === 5) return answer;
  }
};

describe.each(kinds)('the bot’s patches on a %s', (kind) => {
  const path = workloads[kind];

  it.each(forms)('[S1] refuses, by $name, everything but the restart', async (form) => {
    // RBAC alone refuses a PUT; what the policy says to one is asked with that right added.
    await using right = form.method === 'PUT' ? await mayPut(lab) : undefined;
    expect(right === undefined).toBe(form.method === 'PATCH');
    const wrong: string[] = [];
    for (const deed of deeds.filter(({ only }) => only === undefined || only === kind)) {
      if (deed.removes === true && form.name !== 'json' && form.name !== 'put') continue;
      const { status, text } = await attempt(path, deed, form);
      if (status !== 403 && status !== 422) wrong.push(`${deed.name}: ${status} ${text}`);
      else if (!text.includes('ValidatingAdmissionPolicy')) wrong.push(`${deed.name}: ${text}`);
      else if (!text.includes(deed.field)) wrong.push(`${deed.name} names no field: ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('[S1] takes the restart in every form, again and again', async () => {
    for (const at of ['2026-11-22T19:00:00Z', '2026-11-22T19:00:01.123+01:00']) {
      const { apiVersion } = await live(path);
      const escaped = restartedAt.replace('/', '~1');
      const said = [
        [patchTypes.merge, '', restart(at)],
        [patchTypes.strategic, '', restart(at)],
        [
          patchTypes.json,
          '',
          [{ op: 'add', path: `/spec/template/metadata/annotations/${escaped}`, value: at }],
        ],
        [
          patchTypes.apply,
          'fieldManager=urtc&force=true',
          {
            apiVersion,
            kind,
            metadata: { name: path.split('/').at(-1) },
            ...Object(restart(at)),
          },
        ],
      ] as const;
      for (const [type, query, body] of said) {
        const { status, text } = await lab.as.bot.send('PATCH', `${path}?${query}`, { type, body });
        expect(status, `${type}: ${text}`).toBe(200);
      }
      const { metadata } = (await live(path)).spec.template;
      expect(metadata.annotations?.[restartedAt]).toBe(at);
    }
  });

  it('[S1] may give back what it owns: managedFields alone', async () => {
    const object: unknown = JSON.parse((await lab.admin.send('GET', path)).text);
    const { managedFields } = managedSchema.parse(object).metadata;
    const body = { metadata: { managedFields: managedFields.slice(0, 1) } };
    const { status, text } = await lab.as.bot.send('PATCH', `${path}?dryRun=All`, {
      type: patchTypes.merge,
      body,
    });
    expect(status, text).toBe(200);
  });
});

describe('the bot’s scale', () => {
  const scale = (path: string, replicas: number) =>
    lab.as.bot.send('PATCH', `${path}/scale?dryRun=All`, {
      type: patchTypes.merge,
      body: { spec: { replicas } },
    });

  it('[S1] changes the number of what may have more than one', async () => {
    for (const replicas of [0, 1, 3, 10]) {
      const { status, text } = await scale(workloads.Deployment, replicas);
      expect(status, text).toBe(200);
    }
  });

  it('[S1] by server-side apply, too', async () => {
    const path = `${workloads.Deployment}/scale?dryRun=All&fieldManager=urtc&force=true`;
    const { status, text } = await lab.as.bot.send('PATCH', path, {
      type: patchTypes.apply,
      body: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'house-haproxy', namespace: 'den' },
        spec: { replicas: 2 },
      },
    });
    expect(status, text).toBe(200);
  });

  it.each(singles)('[S1] [H1] never makes two of %s', async (component) => {
    const name = `house-${component}`;
    const path = `${apps}/statefulsets/${name}`;
    expect((await scale(path, 0)).status).toBe(200);
    expect((await scale(path, 1)).status).toBe(200);
    const { status, text } = await scale(path, 2);
    expect(status, text).toBe(403);
    expect(text).toContain(`${name} must be single`);
  });

  it('[S1] has an upper bound', async () => {
    const { status, text } = await scale(workloads.Deployment, 11);
    expect(status, text).toBe(403);
    expect(text).toContain('more than 10 replicas');
  });
});

describe('the policies', () => {
  it('are understood by Kubernetes: no field in them that it does not know', async () => {
    for (const name of ['warden-bot-restart', 'warden-bot-scale']) {
      const checked = await until(
        `the check of ${name}`,
        async () => {
          const { text } = await lab.admin.send('GET', `${policies}/${name}`);
          return checkedSchema.parse(JSON.parse(text)).status?.typeChecking;
        },
        { timeoutMs: 30_000 },
      );
      expect(checked).toEqual({});
    }
  });

  it('[S1] let the bot make nothing by applying it', async () => {
    const { apiVersion, kind, metadata, spec } = await live(workloads.Deployment);
    const name = 'house-new';
    const { status, text } = await lab.as.bot.send(
      'PATCH',
      `${apps}/deployments/${name}?fieldManager=urtc&force=true`,
      {
        type: patchTypes.apply,
        body: { apiVersion, kind, metadata: { name, labels: metadata.labels }, spec },
      },
    );
    expect(status, text).toBe(403);
  });
});

describe('port-forward', () => {
  const forward = (pod: string) =>
    lab.as.bot.send('GET', `/api/v1/namespaces/den/pods/${pod}/portforward?ports=8008`);

  it('[S1] is nobody’s by default', async () => {
    const { status, text } = await forward('house-haproxy-5d4f8b9c7-abcde');
    expect(status, text).toBe(403);
    expect(text).toContain('cannot get resource');
  });

  it('[S1] reaches, where it is turned on, the pods of its components and no others', async () => {
    await lab.install({ portForward: { enabled: true } });
    try {
      const refused = async (pod: string): Promise<boolean> => {
        const { status, text } = await forward(pod);
        return status === 403 && text.includes(`may not reach ${pod}`);
      };
      await until(
        'the policy for port-forward',
        async () => ((await refused('house-postgres-0')) ? true : undefined),
        { timeoutMs: 30_000 },
      );
      for (const pod of [
        'house-redis-7c9d-x2',
        'other-haproxy-1-2',
        'house-haproxy',
        'traefik-1',
      ]) {
        expect(await refused(pod), pod).toBe(true);
      }
      for (const pod of ['house-haproxy-5d4f8b9c7-abcde', 'house-element-web-7c9d-x2']) {
        const { status, text } = await forward(pod);
        // Let in: there is no such pod here, or it was asked for the upgrade that this wants.
        expect([400, 404], text).toContain(status);
      }
    } finally {
      await lab.install();
    }
  });
});

describe('without the policy', () => {
  it('[S1] what it refuses goes through: RBAC alone knows no fields', async () => {
    const path = policies.replace('policies', 'policybindings');
    const { text } = await lab.admin.send('GET', `${path}/warden-bot-restart`);
    const { metadata, ...binding } = bindingSchema.parse(JSON.parse(text));
    await lab.admin.send('DELETE', `${path}/warden-bot-restart`);
    await lab.policy('away');
    try {
      const [mount] = deeds;
      const [form] = forms;
      if (mount === undefined || form === undefined) throw new Error('nothing to try');
      const { status } = await attempt(workloads.Deployment, mount, form);
      expect(status).toBe(200);
    } finally {
      const { name, labels, annotations } = metadata;
      const body = { ...binding, metadata: { name, labels, annotations } };
      expect((await lab.admin.send('POST', path, { body })).status).toBe(201);
      await lab.policy('there');
    }
  });
});
