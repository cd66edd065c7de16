/** What is done on each system, as scripts of sh that end at the first command that fails. */
import { forBuild } from '../../ops/setup/requirements.mjs';

/** The distribution's own Node if no other was put there; from 26 on it needs a library that a minimal system lacks. */
const HAVE_NODE = `
apt-get -qq update
export DEBIAN_FRONTEND=noninteractive
if command -v node > /dev/null; then apt-get -qq install -y --no-install-recommends libatomic1
else apt-get -qq install -y --no-install-recommends nodejs npm; fi
echo "node $(node --version) npm $(npm --version)"
cd /srv/pointing-monitor
`;

/** Runs `npm start` until a row is printed, then ends it as Ctrl-C does. */
const START = `
as=
start() {
  : > /tmp/said
  setsid $as npm start > /tmp/said 2>&1 & started=$!
  for second in $(seq 1200); do
    if grep -q '^20.*RA .*Dec ' /tmp/said; then break; fi
    if ! kill -0 $started 2> /dev/null; then cat /tmp/said; exit 1; fi
    sleep 1
  done
  grep -q '^20.*RA .*Dec ' /tmp/said || { cat /tmp/said; exit 1; }
  kill -INT -$started
  wait $started || true
  cat /tmp/said
}
`;

/**
 * Installed on the host, the monitor stores a file that arrives, and backfill one that lay there, both as the services' own user and
 * with the settings that were installed; a second installation has nothing to do.
 */
const STORE = `
mkdir -p /data/incoming /data/earlier
cp "$observation" /data/earlier/
"$install"
"$install" | tee /tmp/again
grep -q 'nothing to do' /tmp/again
contimg='setpriv --reuid=contimg --regid=contimg --init-groups'
$contimg pointing-monitor monitor > /tmp/monitor 2>&1 & monitor=$!
awaited() {
  for second in $(seq 60); do
    if "$@"; then return 0; fi
    if ! kill -0 $monitor 2> /dev/null; then break; fi
    sleep 1
  done
  cat /tmp/monitor
  return 1
}
healthy() { $contimg pointing-monitor status > /dev/null 2>&1; }
stored() { healthy && $contimg pointing-monitor history --json | grep '"ra_deg":123.95'; }
awaited healthy
cp "$observation" /data/incoming/
awaited stored
kill -TERM $monitor
wait $monitor
$contimg pointing-monitor backfill /data/earlier --json | tee /tmp/summary
grep -q '"succeeded":1,' /tmp/summary
$contimg pointing-monitor extract /data/incoming/*.hdf5 --json --reader libhdf5
`;

const ESTABLISHED = `
observation=/srv/pointing-monitor/test/fixtures/dsa110/2025-10-04T15:12:13_sb00.hdf5
install=/srv/pointing-monitor/ops/install
`;

const RELEASE = `
cd /srv
! command -v node
tar -xzf pointing-monitor-*.tar.gz
observation=$(echo /srv/*.hdf5)
install=$(echo /srv/pointing-monitor-*/install)
`;

/** With the packages to build present, everything else is done without privileges. Root's tests have all the random cases. */
const AS_USER = `
apt-get -qq install -y --no-install-recommends ${forBuild.map(({ debian }) => debian).join(' ')}
useradd --create-home observer
chown -R observer: /srv/pointing-monitor
as='setpriv --reuid=observer --regid=observer --init-groups env HOME=/home/observer RANDOM_CASES_PERCENT=20'
`;

/** What was built to start runs them; what they need besides is missing, and its tests are skipped. */
const UNIT = 'npm run test:unit';

/** On systems that are not `thorough`, and with `quick` on all, of the tests only those that start no other program. */
export function checks({ quick }, { thorough, node }) {
  const started = `${HAVE_NODE}${START}start; start;`;
  const installed = `${ESTABLISHED}${STORE}`;
  // The tests come first: some of them want a host on which nothing was installed.
  if (!thorough) return [{ name: 'start and install', script: `${started} ${UNIT}; ${installed}` }];
  const tests = quick ? `npm run setup; ${UNIT}` : 'npm test';
  return [
    { name: 'start and install', script: `${started} ${installed}` },
    { name: 'tests', script: `${HAVE_NODE}${tests}`, alone: true },
    // Once, on the newest system as it comes.
    ...(node === undefined ? [ordinary(tests)] : []),
    { name: 'release', script: `${RELEASE}${STORE}`, bare: true },
  ];
}

const ordinary = (tests) => ({
  name: 'ordinary user',
  script: `${HAVE_NODE}${START}${AS_USER}start; ${tests.replaceAll('npm', '$as npm')}`,
  alone: true,
});
