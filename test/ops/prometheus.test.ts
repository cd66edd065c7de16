import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { issueCodes, severityOf } from '#src/issues.js';
import { Document } from '../helpers/documents.js';
import { metricNames, metricsNamedIn, scrape } from '../helpers/metrics.js';
import { needs } from '../helpers/needs.js';
import { promtool } from '../helpers/promtool.js';
import { root, workspace } from '../helpers/workspace.js';

const place = (name: string) => join(root, 'ops', 'prometheus', name);
const rulesFile = place('pointing-monitor.rules.yml');
const testsFile = place('pointing-monitor.rules.test.yml');
const rules = readFileSync(rulesFile, 'utf8');

test('the rules and the scrape configuration are valid', needs('promtool'), () => {
  const checked = promtool(['check', 'rules', rulesFile]);
  assert.equal(checked.status, 0, checked.output);
  const scrapeFile = promtool(['check', 'config', '--syntax-only', place('scrape.yml')]);
  assert.equal(scrapeFile.status, 0, scrapeFile.output);
});

test('each alert fires when it should, and only then', needs('promtool'), () => {
  const { status, output } = promtool(['test', 'rules', testsFile]);
  assert.equal(status, 0, output);
  const tests = readFileSync(testsFile, 'utf8');
  for (const { name } of alerts()) {
    const fires = new RegExp(
      `alertname="${name}", alertstate="firing"|alertname: ${name}\\n(.*\\n)+? +- exp_labels`,
    );
    assert.match(tests, fires, `no test has ${name} fire`);
  }
});

test('each alert has its severity, what is wrong, what to do and where to read on', () => {
  assert.ok(alerts().length > 10);
  for (const { name, text } of alerts()) {
    assert.match(text, /labels: \{ severity: (critical|warning) \}\n/, name);
    assert.match(text, /\n +summary: \S.*\n +description: >-\n(?: +\S.*\n)+ +runbook: \S.*$/, name);
  }
});

test('each issue is exported with its severity, by which the alerts choose', async (t) => {
  const metrics = await scrape(t, workspace(t));
  for (const code of issueCodes)
    assert.match(
      metrics,
      new RegExp(`^pointing_monitor_issue\\{.*code="${code}",severity="${severityOf(code)}"\\} [01]$`, 'm'),
    );
});

test('each alert names a section of the runbook that is there', () => {
  const sections = new Document('docs/runbook.md').headings.map((heading) => heading.toLowerCase());
  for (const { name, text } of alerts()) {
    const anchor = /runbook: docs\/runbook\.md#(\w+|\{\{ \$labels\.code \}\})$/.exec(text)?.[1];
    assert.ok(anchor && (anchor.startsWith('{') || sections.includes(anchor)), `${name}: ${anchor}`);
  }
});

test(
  'what the server says is as Prometheus wants it, and has every metric that a rule names',
  needs('promtool'),
  async (t) => {
    const metrics = await scrape(t, workspace(t));
    const { output } = promtool(['check', 'metrics'], metrics);
    assert.deepEqual(output.trim().split('\n'), [
      // The status counts days, and so do people.
      'pointing_monitor_earth_orientation_days_left use base unit "seconds" instead of "days"',
    ]);
    const known = metricNames(metrics);
    assert.deepEqual(
      metricsNamedIn(rules).filter((name) => !known.has(name)),
      [],
    );
  },
);

function alerts(): { name: string; text: string }[] {
  return rules
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => ({ name: text.split('\n')[0] as string, text: text.trimEnd() }));
}
