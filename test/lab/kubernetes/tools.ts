import { tested } from '../../../src/core/supported-versions.ts';

/** A program of the lab that is built from a pinned Go module. */
export interface Tool {
  /** What the program is called, also on a machine that has it. */
  readonly name: string;
  /** The folder under `go/` with its go.mod and go.sum. */
  readonly module: string;
  readonly package: string;
  /** For the linker, besides `-s -w`. */
  readonly ldflags: readonly string[];
  /** What it is asked for its version with, and what of the answer makes one on the machine fit. */
  readonly ask: readonly string[];
  readonly fits: RegExp;
  /** On two cores with nothing in Go's own cache, for whoever waits. */
  readonly minutes: number;
}

const { kubernetes, helm } = tested;
const [major = '', minor = ''] = kubernetes.split('.');

/** Without these `/version` is v0.0.0, and Helm refuses charts that ask for a Kubernetes version. */
const kubernetesVersion = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(
  (path) => [
    `-X ${path}.gitVersion=v${kubernetes}`,
    `-X ${path}.gitMajor=${major}`,
    `-X ${path}.gitMinor=${minor}`,
    `-X ${path}.gitTreeState=clean`,
    `-X ${path}.buildDate=1970-01-01T00:00:00Z`,
  ],
);

const controlPlane = (name: string, minutes: number): Tool => ({
  name,
  module: 'control-plane',
  package: `k8s.io/kubernetes/cmd/${name}`,
  ldflags: kubernetesVersion,
  ask: ['--version'],
  fits: new RegExp(`^Kubernetes v${major}\\.${minor}\\.\\d+$`, 'm'),
  minutes,
});

/** All programs, those first that the most is waited for. */
export const tools = {
  kubeApiserver: controlPlane('kube-apiserver', 7),
  kubeControllerManager: controlPlane('kube-controller-manager', 2),
  kubeScheduler: controlPlane('kube-scheduler', 1),
  kine: {
    name: 'kine',
    module: 'kine',
    package: 'github.com/k3s-io/kine',
    ldflags: ['-X github.com/k3s-io/kine/pkg/version.Version=v0.16.4'],
    ask: ['--version'],
    fits: /\bv?0\.16\.\d+\b/,
    minutes: 4,
  },
  kwok: {
    name: 'kwok',
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    ldflags: ['-X sigs.k8s.io/kwok/pkg/consts.Version=v0.8.0'],
    ask: ['--version'],
    fits: /\bv0\.8\.\d+\b/,
    minutes: 3,
  },
  helm: {
    name: 'helm',
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    ldflags: [`-X helm.sh/helm/v4/internal/version.version=v${helm}`],
    ask: ['version', '--short'],
    fits: /^v4\.\d+\.\d+/m,
    minutes: 2,
  },
  metricsServer: {
    name: 'metrics-server',
    module: 'metrics-server',
    package: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
    ldflags: [],
    ask: ['--version'],
    fits: /\bv0\.9\.\d+\b/,
    minutes: 2,
  },
} as const satisfies Record<string, Tool>;

/** One of {@link tools}. */
export type ToolName = keyof typeof tools;
