/** Where the credentials are. */
export type AccessSource =
  /** Absolute path. */
  | { readonly kubeconfig: string }
  /** `root`: a folder in front of the service account's, for tests. */
  | { readonly inCluster: true; readonly root?: string };
