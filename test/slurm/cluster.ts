import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { killIfThere } from '../helpers/processes.js';
import { waitFor } from '../helpers/wait.js';

/** As many tasks run at once, however many processors there are. */
const CPUS = 4;
const MEMORY_MB = 16_000;
/** How long a requeued task waits; Slurm's own value is 120. */
const REQUEUE_SECONDS = 5;

/** A Slurm cluster of this one machine, of processes of its own, on loopback alone, with all it keeps in one directory. */
export class Slurm {
  readonly #directory: string;
  readonly #conf: string;
  readonly #daemons: ChildProcess[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
    this.#conf = join(directory, 'slurm.conf');
  }

  /** The caller ends it, also when this throws. */
  static async start(directory: string, onMade: (slurm: Slurm) => void): Promise<void> {
    const slurm = new Slurm(directory);
    onMade(slurm);
    for (const name of ['', 'state', 'spool']) mkdirSync(join(directory, name), { recursive: true });
    const key = join(directory, 'munge.key');
    writeFileSync(key, randomBytes(128), { mode: 0o400 });
    writeFileSync(slurm.#conf, slurm.#configuration(await freePort(), await freePort()));
    slurm.#launch('munged', [
      '--foreground',
      `--socket=${slurm.#socket}`,
      `--key-file=${key}`,
      ...['pid', 'log', 'seed'].map((what) => `--${what}-file=${join(directory, `munged.${what}`)}`),
    ]);
    await waitFor('munged', () => slurm.#answers('munge', ['--no-input', `--socket=${slurm.#socket}`]));
    slurm.#launch('slurmctld', ['-D', '-c', '-f', slurm.#conf]);
    slurm.#launch('slurmd', ['-D', '-f', slurm.#conf]);
    await waitFor(
      'an idle node',
      () => slurm.#answers('sinfo', ['--noheader', '--format=%t'])?.trim() === 'idle',
    );
  }

  get #socket(): string {
    return join(this.#directory, 'munge.socket');
  }

  #configuration(controllerPort: number, nodePort: number): string {
    const inside = (name: string) => join(this.#directory, name);
    const host = hostname().split('.')[0];
    return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=${this.#socket},cred_expire=${REQUEUE_SECONDS}
SlurmctldPidFile=${inside('slurmctld.pid')}
SlurmdPidFile=${inside('slurmd.pid')}
StateSaveLocation=${inside('state')}
SlurmdSpoolDir=${inside('spool')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} RealMemory=${MEMORY_MB}
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
  }

  #launch(program: string, args: readonly string[]): void {
    const log = openSync(join(this.#directory, `${program}.out`), 'a');
    const daemon = spawn(join('/usr/sbin', program), [...args], {
      env: this.#env(),
      stdio: ['ignore', log, log],
      cwd: '/',
    });
    daemon.once('error', () => {});
    this.#daemons.push(daemon);
  }

  #env(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { ...process.env, ...env, SLURM_CONF: this.#conf };
  }

  /** Runs one of Slurm's commands. Throws where it fails. */
  command(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    return execFileSync(program, [...args], { env: this.#env(env), encoding: 'utf8', cwd: '/' }).trim();
  }

  #answers(program: string, args: readonly string[]): string | undefined {
    try {
      return execFileSync(program, [...args], { env: this.#env(), encoding: 'utf8', stdio: 'pipe' });
    } catch {
      return undefined;
    }
  }

  /** The processes of a task of an array, with `word` in their command line. */
  processesOf(job: string, task: number, word: string): number[] {
    return this.#processes(word, [`SLURM_ARRAY_JOB_ID=${job}`, `SLURM_ARRAY_TASK_ID=${task}`]);
  }

  /** Everything that this cluster started has its configuration's name in its environment. */
  #processes(word: string, variables: readonly string[] = []): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
          return (
            [`SLURM_CONF=${this.#conf}`, ...variables].every((each) => environment.includes(each)) &&
            readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
          );
        } catch {
          // It has ended meanwhile.
          return false;
        }
      });
  }

  /** The logs of its daemons, to find out why it did not start. */
  logs(): string {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith('.out'))
      .map((name) => `${name}:\n${readFileSync(join(this.#directory, name), 'utf8').slice(-2000)}`)
      .join('\n');
  }

  /** Ends the tasks, then the daemons, then whatever is left of them. */
  async end(): Promise<void> {
    this.#answers('scancel', ['--me']);
    await Promise.all(
      this.#daemons.reverse().map(async (daemon) => {
        if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
        const ended = new Promise((resolve) => daemon.once('exit', resolve));
        daemon.kill('SIGTERM');
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
      }),
    );
    for (const pid of this.#processes('')) killIfThere(pid);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}
