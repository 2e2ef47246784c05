// node scripts/test-summary.mjs RESULTS FAILED_STEPS passed|failed|never-ran: prints "N passed, N failed" from vitest's JSON report; fails unless all is well.
import { readFileSync } from 'node:fs';

const [, , file = '', steps = '0', run = 'passed'] = process.argv;
const { passed, failed, skipped } = count(read(file));
const failures = failed + Number(steps);
if (skipped.length > 0) console.log(`Skipped, which counts as failed here:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
console.log(`${passed} passed, ${failures} failed`);
if (failures > 0 || passed === 0) process.exitCode = 1;

/** No report: the tests never ran or broke off, which is one failure unless a failed step says why. */
function count(report) {
  if (report === undefined) return { passed: 0, failed: Number(steps) > 0 ? 0 : 1, skipped: [] };
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
  const text = readFileSync(path, 'utf8');
  return text === '' ? undefined : JSON.parse(text);
}
