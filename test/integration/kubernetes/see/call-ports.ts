/**
 * Values that give the SFU's ports on the node. A cluster has each of them once: two releases that are
 * installed at the same time must not look for free ones by themselves.
 */
export const callPorts = (port: number) => ({
  matrixRTC: {
    sfu: { exposedServices: { rtcTcp: { port }, rtcMuxedUdp: { port: port + 1 } } },
  },
});
