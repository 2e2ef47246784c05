import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../project-root.js';
import { requireProgram, run } from './command.js';
import { usableJdk } from './java.js';
import { portOf, type Place, type Recipe } from './server.js';
import { giveTo } from './servers-folder.js';
import { SERVERS } from './versions.js';

const version = SERVERS.elasticsearch.version;

/**
 * The real Elasticsearch in the form that Maven carries: the core with few modules. Missing are scripts, `_reindex`, `*_by_query` and the
 * analysis module; a small plugin (deploy/elasticsearch) brings the analysis back, the shop does without the rest.
 */
export const elasticsearch: Recipe = {
  install: async (home, account) => {
    requireProgram('mvn', 'Elasticsearch comes as a Maven artefact; install maven.');
    const java = usableJdk(account);
    await unpack(home, java);
    await buildPlugin(home, java);
  },
  prepare: async (place) => {
    const config = configOf(place);
    rmSync(config, { recursive: true, force: true });
    mkdirSync(config, { recursive: true });
    cpSync(join(place.home, 'config', 'log4j2.properties'), join(config, 'log4j2.properties'));
    writeFileSync(join(config, 'jvm.options'), jvmOptions(place));
    writeFileSync(join(config, 'elasticsearch.yml'), settings(place));
    mkdirSync(temporaryOf(place), { recursive: true });
    // It keeps a keystore beside its settings.
    for (const own of [config, temporaryOf(place)]) giveTo(place.account, own);
  },
  command: (place) => ({
    program: join(place.home, 'bin', 'elasticsearch'),
    args: [],
    env: {
      ES_JAVA_HOME: usableJdk(place.account),
      ES_PATH_CONF: configOf(place),
      ES_JAVA_OPTS: '-Xms512m -Xmx512m',
      CLI_JAVA_OPTS: `-Xmx64m -Djava.io.tmpdir=${temporaryOf(place)}`,
      ES_TMPDIR: temporaryOf(place),
      LIBFFI_TMPDIR: temporaryOf(place),
    },
  }),
  ask: async (place, signal) => {
    const url = `http://127.0.0.1:${portOf(place)}/_cluster/health?wait_for_status=yellow&timeout=1s`;
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`not healthy: ${answer.status}`);
  },
  url: (place) => `http://127.0.0.1:${portOf(place)}`,
  stopSignal: 'SIGTERM',
  readyWithinMs: 180_000,
};

/** Elasticsearch refuses to start where it could write to its settings through another path, so they lie beside its data. */
function configOf({ folder }: Place): string {
  return join(folder, 'config');
}

function temporaryOf({ data }: Place): string {
  return join(data, 'tmp');
}

function settings(place: Place): string {
  return Object.entries({
    'cluster.name': 'shop',
    'node.name': 'shop-1',
    'network.host': '127.0.0.1',
    'http.port': portOf(place),
    'transport.port': portOf(place, 'transport'),
    'discovery.type': 'single-node',
    'xpack.security.enabled': false,
    'path.data': join(place.data, 'indices'),
    'path.logs': join(place.data, 'logs'),
    'cluster.routing.allocation.disk.threshold_enabled': false,
    'action.destructive_requires_name': true,
  })
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

function jvmOptions({ data }: Place): string {
  return [
    '-XX:+UseSerialGC',
    '-Djava.io.tmpdir=${ES_TMPDIR}',
    '20-:--add-modules=jdk.incubator.vector',
    '-XX:+ExitOnOutOfMemoryError',
    `-XX:ErrorFile=${join(data, 'hs_err_pid%p.log')}`,
    '',
  ].join('\n');
}

async function unpack(home: string, java: string): Promise<void> {
  const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`;
  const unpacked = `${home}.unpacked`;
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${unpacked}`]);
  const zip = join(unpacked, `elasticsearch-${version}.zip`);
  await run(join(java, 'bin', 'jar'), ['xf', zip], { cwd: unpacked });
  rmSync(zip);
  const [top] = readdirSync(unpacked);
  cpSync(join(unpacked, top ?? ''), home, { recursive: true });
  rmSync(unpacked, { recursive: true, force: true });
  // A jar's tool knows no permissions.
  for (const file of readdirSync(join(home, 'bin'))) chmodSync(join(home, 'bin', file), 0o755);
}

async function buildPlugin(home: string, java: string): Promise<void> {
  const source = join(projectRoot, 'deploy', 'elasticsearch', 'analysis-plugin');
  const classes = mkdtempSync(join(tmpdir(), 'shop-analysis-'));
  const target = join(home, 'plugins', 'shop-analysis');
  mkdirSync(target, { recursive: true });
  const sources = globSync('**/*.java', { cwd: source }).map((file) => join(source, file));
  await run(join(java, 'bin', 'javac'), ['--release', '17', '-cp', join(home, 'lib', '*'), '-d', classes, ...sources]);
  await run(join(java, 'bin', 'jar'), ['cf', join(target, 'shop-analysis.jar'), '-C', classes, '.']);
  rmSync(classes, { recursive: true, force: true });
  const descriptor = readFileSync(join(source, 'plugin-descriptor.properties'), 'utf8');
  writeFileSync(join(target, 'plugin-descriptor.properties'), descriptor.replace('${elasticsearchVersion}', version));
}
