import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricNames, metricsNamedIn, scrape } from '../helpers/metrics.js';
import { needs } from '../helpers/needs.js';
import { assertGivesSomething } from '../helpers/promtool.js';
import { root, workspace } from '../helpers/workspace.js';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: unknown;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string; datasource: unknown }[];
}

const text = readFileSync(join(root, 'ops', 'grafana', 'pointing-monitor.json'), 'utf8');
const dashboard = JSON.parse(text) as {
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; query: unknown; datasource?: unknown }[] };
};
const { panels, templating } = dashboard;
const charts = panels.filter(({ type }) => type !== 'row');
const expressions = charts.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is Grafana's.
const variable = { type: 'prometheus', uid: '${datasource}' };

test(
  'every panel has something to show of a real monitor, all hosts chosen or one',
  needs('promtool'),
  async (t) => {
    const space = workspace(t);
    const metrics = await scrape(t, space);
    const known = metricNames(metrics);
    assert.deepEqual(
      metricsNamedIn(text).filter((name) => !known.has(name)),
      [],
    );
    const host = /^pointing_monitor_up\{host="(.+)"\} 1$/m.exec(metrics)?.[1] as string;
    const filled = (hosts: string) =>
      expressions.map((expr) => expr.replaceAll('$host', hosts).replaceAll('$__rate_interval', '5m'));
    assertGivesSomething(
      [...filled('.*'), ...filled(`(${host}|another)`)],
      metrics,
      join(space.path, 'test.yml'),
    );
    const elsewhere = filled('another').filter((expr) => expr.includes('another'));
    assert.ok(elsewhere.length > 10);
    for (const expr of elsewhere) {
      assert.throws(() => assertGivesSomething([expr], metrics, join(space.path, 'test.yml')), /got:/, expr);
    }
  },
);

test('the panels lie side by side in 24 columns, rows above theirs', () => {
  for (const { gridPos: p, title } of panels)
    assert.ok(p.x >= 0 && p.w > 0 && p.h > 0 && p.x + p.w <= 24, title);
  for (const [i, { gridPos: a, title }] of panels.entries()) {
    for (const { gridPos: b, title: other } of panels.slice(i + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      assert.ok(apart, `${title} and ${other} overlap`);
    }
  }
  const inOrder = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  assert.deepEqual(panels, inOrder);
});

test('each panel has an id and queries of its own, a title, a description, and the chosen data source', () => {
  assert.ok(charts.length > 15);
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { title, description, datasource, targets = [] } of charts) {
    assert.ok(title && description && targets.length > 0, title);
    assert.deepEqual(datasource, variable, title);
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    for (const target of targets) assert.deepEqual(target.datasource, variable, title);
  }
});

test('it asks for a data source and hosts, and for no variable that is not there', () => {
  assert.equal(dashboard.schemaVersion, 39);
  assert.deepEqual(
    templating.list.map(({ name, type }) => [name, type]),
    [
      ['datasource', 'datasource'],
      ['host', 'query'],
    ],
  );
  const names = templating.list.map(({ name }) => name);
  const used = [...text.matchAll(/\$\{?([a-z]\w*|__\w+)/g)].map(([, name]) => name as string);
  for (const name of used) assert.ok([...names, '__rate_interval', '__all'].includes(name), name);
  assert.ok(names.every((name) => used.includes(name)));
});
