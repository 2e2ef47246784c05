// node scripts/test-summary.mjs FAILED_STEPS passed|failed=REPORT... : prints "N passed, N failed" from vitest's JSON reports; fails unless all is well.
import { existsSync, readFileSync } from 'node:fs';

const [, , steps = '0', ...suites] = process.argv;
const counts = suites.map((suite) => count(suite.slice(0, suite.indexOf('=')), read(suite.slice(suite.indexOf('=') + 1))));
const passed = counts.reduce((sum, suite) => sum + suite.passed, 0);
const skipped = counts.flatMap((suite) => suite.skipped);
// No suite ran at all: one failure, unless a failed step says why.
const none = suites.length === 0 && steps === '0' ? 1 : 0;
const failures = counts.reduce((sum, suite) => sum + suite.failed, Number(steps) + none);
if (skipped.length > 0) console.log(`Skipped, which counts as failed here:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
console.log(`${passed} passed, ${failures} failed`);
if (failures > 0 || passed === 0) process.exitCode = 1;

/** No report: the tests broke off, which is one failure. */
function count(run, report) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] };
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that doesn't even load has no tests that could fail.
  const broken = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed));
  const skipped = tests.filter(({ status }) => status === 'skipped' || status === 'pending').map(({ fullName }) => fullName);
  const failed = tests.filter(isFailed).length + broken.length + skipped.length;
  // An error outside of any test leaves every test passed and the run failed.
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed === 0 && run === 'failed' ? 1 : failed,
    skipped,
  };
}

function isFailed({ status }) {
  return status === 'failed';
}

function read(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text === '' ? undefined : JSON.parse(text);
}
