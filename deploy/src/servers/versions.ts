/** The servers that the commands here can install and start. */
export const SERVER_NAMES = ['nats', 'redis', 'valkey', 'elasticsearch', 'postgres', 'mongodb'] as const;

export type ServerName = (typeof SERVER_NAMES)[number];

export interface ServerVersion {
  /** What answers: `mongodb` is played by another server of the same protocol, since MongoDB comes in no package that a machine like CI's can fetch. */
  product: string;
  /** What is installed and what the tests run on; of Redis the distribution decides the last places. */
  version: string;
  /** The image of the same version for docker-compose.yml. */
  image: string;
  /** Below 32768, above which the system gives out client ports. */
  ports: Readonly<Record<string, number>>;
}

/** The one place where a server's version stands. */
export const SERVERS: Readonly<Record<ServerName, ServerVersion>> = {
  nats: { product: 'NATS', version: '2.15.2', image: 'nats:2.15.2', ports: { client: 14222, monitor: 18222 } },
  redis: { product: 'Redis', version: '7.0', image: 'redis:7.0', ports: { client: 16379 } },
  valkey: { product: 'Valkey', version: '9.1.2', image: 'valkey/valkey:9.1.2', ports: { client: 16380 } },
  elasticsearch: {
    product: 'Elasticsearch',
    version: '8.19.21',
    image: 'docker.elastic.co/elasticsearch/elasticsearch:8.19.21',
    ports: { client: 19200, transport: 19300 },
  },
  postgres: { product: 'PostgreSQL', version: '18.4', image: 'postgres:18.4', ports: { client: 15432 } },
  mongodb: { product: 'SecantusDB', version: '0.7.0b3', image: 'mongo:8.2', ports: { client: 27217 } },
};
