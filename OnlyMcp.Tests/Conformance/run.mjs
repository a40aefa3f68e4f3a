// Runs the official conformance suite against our server and our client, a line for each set, and ends with 1 if the suite found a fault.
// Arguments: SUITE          the folder of the suite's package
//            URL            where our server listens
//            COMMAND...     what starts our client; the suite appends the address of its own server
// What counts as a fault: a failed check, a warning, a client that fails, a scenario of the set that did not run.
// Not judged: scenarios of extensions that we do not speak (printed with their totals).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const [suite, url, ...command] = process.argv.slice(2);
const script = join(suite, 'dist', 'index.js');
const versions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];
const frozen = ['2025-11-25', '2026-07-28'];
const extensions = [
  'auth/client-credentials-jwt', 'auth/client-credentials-basic', 'auth/enterprise-managed-authorization', 'auth/dpop', 'auth/dpop-nonce',
  'auth/wif-jwt-bearer',
];
const ran = {};
const faults = [];
const total = { scenarios: 0, passed: 0, failed: 0, warnings: 0, skipped: 0 };

for (const version of frozen)
  await serverSet(`--requirements ${version}`, required('server', version), ['--requirements', version]);
for (const version of versions)
  await serverSet(`--suite all --spec-version ${version}`, await listed('server', version), ['--suite', 'all', '--spec-version', version]);
await extensionSet('tasks-');
for (const version of frozen)
  await clientSet(`--requirements ${version}`, required('client', version), version);
for (const version of versions)
  await clientSet(`--suite all --spec-version ${version}`, await listed('client', version), version);
for (const version of frozen)
  await clientSet(`--scenario auth/* (extensions) ${version}`, extensions, version, '--force');

for (const fault of faults)
  console.log(`  ${fault}`);
console.log(line('both', 'all sets', total));
process.exit(faults.length === 0 ? 0 : 1);

/** The suite runs the scenarios of a server one after another. */
async function serverSet(title, scenarios, selection) {
  const results = await withFolder(async folder => {
    const { code, output } = await run(['server', '--url', url, ...selection, '-o', folder]);
    if (code !== 0)
      faults.push(`server ${title}: the run ended with ${code}: ${output.slice(-500)}`);
    return resultsIn(folder);
  });
  report('server', title, scenarios, results);
}

/** The scenarios of an extension, which stand on no version's list: those whose names begin so. */
async function extensionSet(prefix) {
  const scenarios = (await listed('server')).filter(name => name.startsWith(prefix));
  const results = new Map();
  for (const scenario of scenarios) {
    await withFolder(async folder => {
      await run(['server', '--url', url, '--scenario', scenario, '--spec-version', '2026-07-28', '--force', '-o', folder]);
      results.set(scenario, [...resultsIn(folder).values()].flat());
    });
  }

  report('server', `--scenario ${prefix}* (extension)`, scenarios, results);
}

/** The suite starts all clients of a set at the same time, which a small machine does not bear: one at a time, and each once. */
async function clientSet(title, scenarios, version, ...more) {
  const results = new Map();
  for (const scenario of scenarios) {
    const { code, checks, output } = ran[`${version} ${scenario}`] ??= await runClient(scenario, version, more);
    if (checks)
      results.set(scenario, checks);
    if (code !== 0 && !checks?.some(isFault))
      faults.push(`client ${title} ${scenario}: the run ended with ${code}: ${output.slice(-500)}`);
  }

  report('client', title, scenarios, results);
}

function runClient(scenario, version, more) {
  return withFolder(async folder => {
    const { code, output } = await run([
      'client', '--command', command.map(word => `'${word}'`).join(' '), '--scenario', scenario, '--spec-version', version, ...more, '-o', folder]);
    const [checks] = resultsIn(folder).values();
    return { code, checks, output };
  });
}

function report(side, title, scenarios, results) {
  const judged = scenarios.flatMap(name => results.get(name) ?? []);
  for (const name of scenarios) {
    if (!results.get(name)?.length)
      faults.push(`${side} ${title} ${name}: did not run`);
    for (const check of (results.get(name) ?? []).filter(isFault))
      faults.push(`${side} ${title} ${name}: ${check.status} ${check.id}: ${check.errorMessage ?? check.description}`);
  }

  const sum = add({ scenarios: scenarios.length }, judged);
  for (const key of Object.keys(total))
    total[key] += sum[key];
  console.log(line(side, title, sum));

  const others = [...results].filter(([name]) => !scenarios.includes(name) && !name.startsWith('tasks-'));
  if (others.length > 0)
    console.log(line(side, `${title}: not judged`, add({ scenarios: others.length }, others.flatMap(([, checks]) => checks))));
}

function add(sum, checks) {
  const count = status => checks.filter(check => check.status === status).length;
  return { ...sum, passed: count('SUCCESS'), failed: count('FAILURE'), warnings: count('WARNING'), skipped: count('SKIPPED') };
}

function line(side, title, sum) {
  return `${side.padEnd(6)} ${title.padEnd(48)} ${Object.entries(sum).map(([key, value]) => `${String(value).padStart(4)} ${key}`).join(' ')}`;
}

function isFault(check) {
  return check.status === 'FAILURE' || check.status === 'WARNING';
}

/** The scored scenarios of a frozen set. */
function required(side, version) {
  const lines = readFileSync(join(suite, 'requirements', `${version}.yaml`), 'utf8').split('\n');
  const start = lines.indexOf(`${side}:`) + 1;
  const end = lines.findIndex((text, i) => i >= start && /^\w/.test(text));
  return lines.slice(start, end < 0 ? undefined : end).map(text => /^ {2}- (\S+)/.exec(text)?.[1]).filter(Boolean);
}

/** The scenarios that a version has; without one, all. */
async function listed(side, version) {
  const { output } = await run(['list', `--${side}`, ...(version ? ['--spec-version', version] : [])]);
  return [...output.matchAll(/^\s+- (\S+)/gm)].map(match => match[1]);
}

async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'onlymcp-conformance-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The checks of each scenario, by its name. */
function resultsIn(folder) {
  const results = new Map();
  for (const entry of readdirSync(folder, { recursive: true })) {
    if (basename(entry) !== 'checks.json')
      continue;
    const name = /^(server-)?(.+)-\d{4}-\d\d-\d\dT[^/]*$/.exec(dirname(entry).replaceAll('\\', '/'))[2];
    results.set(name, [...(results.get(name) ?? []), ...JSON.parse(readFileSync(join(folder, entry), 'utf8'))]);
  }

  return results;
}

function run(args) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', text => output += text);
    child.stderr.on('data', text => output += text);
    child.on('close', code => resolve({ code, output }));
  });
}
