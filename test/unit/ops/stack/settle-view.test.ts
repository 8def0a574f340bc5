import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { settleView } from '../../../../src/ops/stack/settle-view.ts';
import { FakeCluster } from '../../../fakes/cluster.ts';

const problem = new AppError('E_KUBERNETES_UNREACHABLE', { url: 'u', reason: 'r' });
const cut = { is: 'disconnected', since: 0, problem } as const;
const never = new AbortController().signal;

describe('waiting for the first reading (fake cluster)', () => {
  it('ends when all was read', async () => {
    const { view } = new FakeCluster();
    view.setState({ is: 'starting' });
    const settled = settleView(view, never);
    view.setState({ is: 'connected' });
    await settled;
    expect(view.states().get('Pod')?.is).toBe('connected');
  });

  it.each(['before', 'meanwhile'])('is not for a cluster that is cut off %s', async (when) => {
    const { view } = new FakeCluster();
    view.setState({ is: 'starting' });
    if (when === 'before') view.setState(cut, ['Pod']);
    const settled = settleView(view, never);
    if (when === 'meanwhile') view.setState(cut, ['Pod']);
    const begun = performance.now();
    await settled;
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  it('ends with whoever waits', async () => {
    const { view } = new FakeCluster();
    view.setState({ is: 'starting' });
    const stop = new AbortController();
    const settled = settleView(view, stop.signal);
    stop.abort(new Error('enough'));
    await expect(settled).rejects.toThrow('enough');
  });
});
