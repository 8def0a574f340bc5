import type { Json } from '../../core/json.ts';

declare const brand: unique symbol;

/** A namespace of the cluster: a DNS label (RFC 1123), made by `parseNamespace`. */
export type Namespace = string & { readonly [brand]: 'Namespace' };

/** Labels or annotations. */
export type Labels = Readonly<Record<string, string>>;

/** What every object has. Moments are ms since the epoch. */
export interface ObjectMeta {
  readonly name: string;
  /** Never the same again, also not for a new object of the same name. */
  readonly uid: string;
  /** Opaque; another one means that the object changed. */
  readonly resourceVersion: string;
  readonly labels: Labels;
  readonly createdAt: number;
  /** Since when it is being deleted; null where it is not. */
  readonly deletingSince: number | null;
}

/** {@link ObjectMeta} of what lives in a namespace. */
export interface NamespacedMeta extends ObjectMeta {
  readonly namespace: Namespace;
}

/** Names a thing in a namespace. */
export interface ObjectRef {
  readonly namespace: Namespace;
  readonly name: string;
}

/** What a workload can be here. */
export type WorkloadKind = 'Deployment' | 'StatefulSet';

/** Names a workload. A {@link Workload} is one, too. */
export interface WorkloadRef extends ObjectRef {
  readonly kind: WorkloadKind;
}

/** A condition of any object (Kubernetes API conventions, "Typical status properties"). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string | null;
  readonly message: string | null;
  /** Last transition, ms since the epoch. */
  readonly since: number | null;
}

/** An amount of compute: CPU in thousandths of a core, memory in bytes. */
export interface Compute {
  readonly milliCores: number | null;
  readonly bytes: number | null;
}

/** A container as it is wanted. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly {
    readonly name: string | null;
    readonly port: number;
    readonly protocol: string;
    readonly hostPort: number | null;
  }[];
  readonly requests: Compute;
  readonly limits: Compute;
}

/** A Deployment or StatefulSet. */
export interface Workload extends NamespacedMeta {
  readonly kind: WorkloadKind;
  readonly annotations: Labels;
  readonly wanted: number;
  readonly ready: number;
  /** Pods of the newest template. */
  readonly updated: number;
  readonly available: number;
  /** Whether the controller has seen the newest spec; if not, the numbers are of an older one. */
  readonly observed: boolean;
  /** Deployment: its revision number; StatefulSet: the hash of the newest template. */
  readonly revision: string | null;
  readonly paused: boolean;
  /** Labels by which it finds its pods. */
  readonly selector: Labels;
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
  readonly conditions: readonly Condition[];
  /** The annotation kubectl.kubernetes.io/restartedAt of its template, as written. */
  readonly restartedAt: string | null;
}

/** How a container ended. */
export interface Terminated {
  readonly is: 'terminated';
  /** `Completed`, `Error`, `OOMKilled`, … */
  readonly reason: string | null;
  readonly message: string | null;
  readonly exitCode: number;
  readonly signal: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What a container does now. */
export type ContainerState =
  /** `reason`: `CrashLoopBackOff`, `ImagePullBackOff`, `ContainerCreating`, … */
  | { readonly is: 'waiting'; readonly reason: string | null; readonly message: string | null }
  | { readonly is: 'running'; readonly startedAt: number | null }
  | Terminated;

/** A container of a pod, as it is. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  /** How the run before this one ended. */
  readonly last: Terminated | null;
}

/** A pod. */
export interface Pod extends NamespacedMeta {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** E.g. `Evicted`. */
  readonly reason: string | null;
  readonly message: string | null;
  /** Whether its condition Ready is True. */
  readonly ready: boolean;
  readonly conditions: readonly Condition[];
  readonly specs: readonly ContainerSpec[];
  readonly containers: readonly ContainerStatus[];
  readonly initContainers: readonly ContainerStatus[];
  /** Its controller: ReplicaSet, StatefulSet, Job, … */
  readonly owner: { readonly kind: string; readonly name: string } | null;
  readonly node: string | null;
  readonly ip: string | null;
  readonly startedAt: number | null;
  /** Names of the claims that it mounts. */
  readonly claims: readonly string[];
}

/** One port of a Service. */
export interface ServicePort {
  readonly name: string | null;
  readonly port: number;
  /** A number, or the name of a container's port. */
  readonly targetPort: number | string;
  readonly nodePort: number | null;
  readonly protocol: string;
}

/** A Service. */
export interface Service extends NamespacedMeta {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Null for a headless or external one. */
  readonly clusterIP: string | null;
  readonly ports: readonly ServicePort[];
  readonly selector: Labels;
  /** Addresses and host names that the load balancer got. */
  readonly loadBalancer: readonly string[];
  readonly externalTrafficPolicy: string | null;
}

/** An Ingress. */
export interface Ingress extends NamespacedMeta {
  readonly annotations: Labels;
  readonly className: string | null;
  readonly rules: readonly {
    /** Null: any host. */
    readonly host: string | null;
    readonly paths: readonly {
      readonly path: string;
      readonly pathType: string;
      readonly service: string | null;
      readonly port: number | string | null;
    }[];
  }[];
  readonly tls: readonly {
    readonly hosts: readonly string[];
    readonly secretName: string | null;
  }[];
  readonly loadBalancer: readonly string[];
}

/** A PersistentVolumeClaim. Its volume's path: `Kubernetes.volume(claim.volumeName)`. */
export interface Claim extends NamespacedMeta {
  readonly phase: 'Pending' | 'Bound' | 'Lost';
  readonly volumeName: string | null;
  readonly storageClass: string | null;
  readonly requestedBytes: number | null;
  readonly capacityBytes: number | null;
  readonly accessModes: readonly string[];
}

/** A PersistentVolume. */
export interface Volume extends ObjectMeta {
  readonly phase: string;
  readonly storageClass: string | null;
  readonly capacityBytes: number | null;
  readonly reclaimPolicy: string | null;
  /** Folder on the node (hostPath or local volume); null for other kinds of storage. */
  readonly path: string | null;
  /** Node that it is bound to, where its affinity names one. */
  readonly node: string | null;
}

/** A cert-manager Certificate or another custom object, by what all of them have in common. */
export interface CustomObject extends NamespacedMeta {
  readonly apiVersion: string;
  readonly kind: string;
  readonly annotations: Labels;
  readonly conditions: readonly Condition[];
  readonly spec: Json;
  readonly status: Json;
}

/** A node. */
export interface ClusterNode extends ObjectMeta {
  readonly conditions: readonly Condition[];
  readonly unschedulable: boolean;
  readonly capacity: NodeCapacity;
  readonly allocatable: NodeCapacity;
  readonly kubeletVersion: string;
  readonly runtime: string;
  readonly osImage: string;
  readonly kernel: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly taints: readonly string[];
}

/** What a node has. Storage is the ephemeral one, in bytes. */
export interface NodeCapacity extends Compute {
  readonly pods: number | null;
  readonly storageBytes: number | null;
}

/** An event of the cluster (never a Matrix one). */
export interface ClusterEvent extends NamespacedMeta {
  readonly type: string;
  readonly reason: string;
  /** At most 1024 characters are kept. */
  readonly message: string;
  readonly about: { readonly kind: string; readonly name: string; readonly uid: string | null };
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly source: string | null;
}

/** The kinds that a watch keeps at hand, and what each is made of. */
export interface WatchedObjects {
  readonly Deployment: Workload;
  readonly StatefulSet: Workload;
  readonly Pod: Pod;
  readonly Service: Service;
  readonly Ingress: Ingress;
  readonly PersistentVolumeClaim: Claim;
  readonly Certificate: CustomObject;
  readonly Node: ClusterNode;
  readonly Event: ClusterEvent;
}

/** Name of a watched kind. */
export type WatchedKind = keyof WatchedObjects;

/** Use of a pod's or node's compute, from metrics.k8s.io. */
export interface Usage {
  readonly name: string;
  /** End of the window that it was measured in, ms since the epoch. */
  readonly at: number;
  readonly milliCores: number;
  readonly bytes: number;
  /** Empty for a node. */
  readonly containers: readonly {
    readonly name: string;
    readonly milliCores: number;
    readonly bytes: number;
  }[];
}
