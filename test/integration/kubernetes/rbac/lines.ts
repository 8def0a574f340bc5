/** A line for the room, and what its answer has to say. */
export type Told = readonly (readonly [line: string, text: string])[];

/** What is said in the room for one command that asks the cluster. */
export interface Lines {
  /** On a release that is well. */
  readonly well: readonly string[];
  /** Where the cluster has nothing of the release `none`, nor its namespace `nowhere`. */
  readonly nothing: Told;
  /** While the API server can't be reached. */
  readonly away: Told;
}

const noRelease = 'there is nothing of it in its namespace';
const runsNothing = 'Release none runs nothing in namespace nowhere.';
const unreachable = "can't be reached at";
const asItWas = 'this is how it was';

/** By the command's name. */
export const linesOf: Readonly<Record<string, Lines>> = {
  status: {
    well: ['!status'],
    nothing: [['!status', noRelease]],
    away: [['!status', asItWas]],
  },
  health: {
    well: ['!health'],
    nothing: [['!health', noRelease]],
    away: [['!health', asItWas]],
  },
  info: {
    well: ['!info'],
    nothing: [['!info', 'No Service takes anything from outside yet.']],
    away: [['!info', asItWas]],
  },
  events: {
    well: ['!events --all'],
    nothing: [
      ['!events --all', 'The cluster tells of nothing.'],
      ['!events synapse', runsNothing],
    ],
    away: [['!events --all', asItWas]],
  },
  perf: {
    well: ['!perf'],
    nothing: [['!perf', 'cores of']],
    away: [['!perf', unreachable]],
  },
  logs: {
    well: ['!logs haproxy --tail=10', '!logs element-web --tail=10 --grep=x'],
    nothing: [['!logs haproxy', runsNothing]],
    away: [['!logs haproxy', unreachable]],
  },
  restart: {
    well: ['!restart element-web', '!restart all'],
    nothing: [
      ['!restart haproxy', runsNothing],
      ['!restart all', runsNothing],
    ],
    away: [
      ['!restart haproxy', unreachable],
      ['!restart all', unreachable],
    ],
  },
  scale: {
    well: ['!scale haproxy 2', '!scale haproxy 1'],
    nothing: [
      ['!scale haproxy 2', runsNothing],
      ['!scale synapse 2', 'can not be scaled'],
    ],
    away: [['!scale haproxy 2', unreachable]],
  },
  doctor: {
    well: ['!doctor'],
    nothing: [['!doctor', noRelease]],
    away: [['!doctor', unreachable]],
  },
  bundle: {
    well: ['!bundle'],
    nothing: [['!bundle', 'The bundle is made']],
    away: [['!bundle', unreachable]],
  },
};
