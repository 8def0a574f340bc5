import { WebSocket } from 'undici';
import { z } from 'zod';
import { LabError } from '../failure.ts';
import { within } from '../wait.ts';
import type { Api } from './api.ts';
import type { ContainerRef } from './pods.ts';

/** How a command in a pod ended, as the API server tells it. */
export interface PodExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: 'Success' | 'Failure';
  /** Of a failure. */
  readonly message: string;
}

/** Channels of `v5.channel.k8s.io`: the first byte of each frame. */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

const frame = z.instanceof(ArrayBuffer);
const statusFrame = z.object({
  status: z.enum(['Success', 'Failure']),
  message: z.string().default(''),
});

/** Runs a command in a container, without a terminal. For arranging things: nothing is paced. */
export const execInPod = async (
  api: Api,
  { namespace, pod, container }: ContainerRef,
  command: readonly string[],
  stdin?: string,
): Promise<PodExecResult> => {
  const query = new URLSearchParams([
    ...command.map((word) => ['command', word] as [string, string]),
    ['container', container],
    ['stdin', String(stdin !== undefined)],
    ['stdout', 'true'],
    ['stderr', 'true'],
  ]);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`;
  const socket = new WebSocket(`${api.url}${path}`.replace('https:', 'wss:'), {
    protocols: 'v5.channel.k8s.io',
    dispatcher: api.dispatcher,
  });
  socket.binaryType = 'arraybuffer';
  const heard = { stdout: '', stderr: '', status: '' };
  socket.addEventListener('open', () => {
    if (stdin === undefined) return;
    socket.send(Buffer.concat([Buffer.from([channels.stdin]), Buffer.from(stdin)]));
    socket.send(Buffer.from([channels.close, channels.stdin]));
  });
  socket.addEventListener('message', ({ data }) => {
    const bytes = Buffer.from(frame.parse(data));
    const text = bytes.subarray(1).toString();
    if (bytes[0] === channels.stdout) heard.stdout += text;
    if (bytes[0] === channels.stderr) heard.stderr += text;
    if (bytes[0] === channels.status) heard.status += text;
  });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => {
      resolve();
    });
  });
  await within(`${command.join(' ')} in ${namespace}/${pod}`, closed, 30_000);
  if (heard.status === '') {
    throw new LabError(`${command.join(' ')} in ${namespace}/${pod}: cut without a status`);
  }
  const { status, message } = statusFrame.parse(JSON.parse(heard.status));
  return { stdout: heard.stdout, stderr: heard.stderr, status, message };
};
