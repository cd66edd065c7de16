import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { cli } from '../helpers/cli.js';
import { simulate } from '../helpers/simulator.js';
import { root, workspace } from '../helpers/workspace.js';

interface Container {
  readonly name: string;
  readonly command: string[];
  readonly args: string[];
  readonly env: { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[];
  readonly securityContext: Record<string, unknown>;
  readonly resources: { requests: object; limits: object };
  readonly volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

interface Job {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly parallelism: number;
    readonly backoffLimitPerIndex: number;
    readonly podFailurePolicy: { rules: { onExitCodes?: { containerName: string; values: number[] } }[] };
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly securityContext: Record<string, unknown>;
        readonly containers: Container[];
        readonly volumes: { name: string; persistentVolumeClaim: { readOnly: boolean } }[];
      };
    };
  };
}

const documents: unknown = parseAllDocuments(
  readFileSync(join(root, 'ops', 'kubernetes', 'backfill-job.yaml'), 'utf8'),
).map((document) => document.toJS());
const [job] = documents as [Job];
const pod = job.spec.template.spec;
const [container] = pod.containers as [Container];

test('it is an indexed job with as many shards as completions', () => {
  assert.equal((documents as unknown[]).length, 1);
  assert.deepEqual([job.apiVersion, job.kind, job.spec.completionMode], ['batch/v1', 'Job', 'Indexed']);
  assert.equal(container.args[container.args.indexOf('--shards') + 1], String(job.spec.completions));
  assert.ok(job.spec.parallelism <= job.spec.completions);
  // A limit for each index, and rules on failures, are for pods that are not restarted in place.
  assert.ok(job.spec.backoffLimitPerIndex > 0);
  assert.equal(pod.restartPolicy, 'Never');
  for (const { onExitCodes } of job.spec.podFailurePolicy.rules) {
    if (onExitCodes)
      assert.deepEqual(onExitCodes, { containerName: container.name, operator: 'In', values: [2] });
  }
});

test('it may do little: no root, nothing to write, the archive to read, bounds on memory', () => {
  assert.equal(pod.securityContext.runAsNonRoot, true);
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
  assert.deepEqual(
    { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities },
    { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  );
  assert.deepEqual(Object.keys(container.resources.limits), ['memory']);
  const [mount] = container.volumeMounts;
  const [volume] = pod.volumes;
  assert.deepEqual([mount?.name, mount?.readOnly], [volume?.name, true]);
  assert.equal(volume?.persistentVolumeClaim.readOnly, true);
  assert.equal(container.args[1], mount?.mountPath);
});

test('its arguments are the command’s, and its pods together read every file once', async (t) => {
  const { incoming, productsDb } = workspace(t);
  simulate(incoming, ['--count', '60']);
  assert.deepEqual(container.command, ['pointing-monitor']);
  assert.deepEqual(
    container.env.map(({ name, valueFrom }) => [name, Object.keys(valueFrom)]),
    [['PIPELINE_PRODUCTS_DB', ['secretKeyRef']]],
  );
  const [command, , ...flags] = container.args as [string, string, ...string[]];
  const pods = await Promise.all(
    Array.from({ length: job.spec.completions }, (_, index) =>
      cli([command, incoming, ...flags, '--dry-run'], {
        JOB_COMPLETION_INDEX: String(index),
        PIPELINE_PRODUCTS_DB: productsDb,
      }),
    ),
  );
  const summaries = pods.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  });
  assert.equal(new Set(summaries.map(({ shard }) => shard)).size, job.spec.completions);
  assert.equal(
    summaries.reduce((sum, { succeeded }) => sum + succeeded, 0),
    60,
  );
});
