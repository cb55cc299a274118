// The workloads on the official Node SDK (npm: surrealdb, @surrealdb/node).
// One argument, JSON: how much of each, and a folder for stores. Prints a line
// of JSON for each figure; ../METHODOLOGY.md says what each is. It is copied
// beside the packages before it runs.
import { Surreal, RecordId } from 'surrealdb';
import { createNodeEngines } from '@surrealdb/node';

const sizes = JSON.parse(process.argv[2]);
const say = (name, value) => console.log(JSON.stringify({ name, value }));
const sayMemory = (name) => say(name, process.memoryUsage().rss / 1048576);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const now = () => performance.now(); // ms

async function open(endpoint = 'mem://') {
  const db = new Surreal({ engines: createNodeEngines() });
  await db.connect(endpoint);
  await db.use({ namespace: 'bench', database: 'bench' });
  return db;
}

async function sequential(name, calls, body) {
  for (let i = 0; i < Math.min(200, calls); i++) await body(-i - 1);
  const times = [];
  for (let i = 0; i < calls; i++) {
    const start = now();
    await body(i);
    times.push((now() - start) * 1e3);
  }
  say(name, median(times));
}

async function atOnce(name, calls, body) {
  let next = 0;
  const start = now();
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (next < calls) await body(next++);
  }));
  say(name, calls / (now() - start) * 1e3);
}

async function longestStall(body) {
  let last = now();
  let longest = 0;
  const look = () => {
    const time = now();
    longest = Math.max(longest, time - last - 1);
    last = time;
  };
  const timer = setInterval(look, 1);
  await body();
  look();
  clearInterval(timer);
  return longest;
}

const document = (i) => ({ name: 'John', age: i, tags: ['a', 'b'], nested: { x: 1.5, y: true } });
const create = (db, table) => (i) =>
  db.query('CREATE $id CONTENT $d', { id: new RecordId(table, i + 1000000), d: document(i) });

async function insert(db, turns) {
  const times = [];
  for (let turn = 0; turn < turns; turn++) {
    const rows = Array.from({ length: 10000 }, (_, i) => document(i));
    const start = now();
    await db.query(`INSERT INTO bulk${turn} $rows`, { rows });
    times.push(now() - start);
  }
  return median(times);
}

async function openClose(name, endpoint) {
  const times = [];
  for (let turn = 0; turn < sizes.opens; turn++) {
    const start = now();
    await (await open(endpoint(turn))).close();
    times.push(now() - start);
  }
  say(name, median(times));
}

if (sizes.startUp) {
  const db = await open();
  await db.query('RETURN 1');
  await db.close();
  process.exit(0);
}

const { calls } = sizes;
let db = await open();
say('version', (await db.version()).version);
sayMemory('memory_open');
await sequential('return_1', calls, () => db.query('RETURN 1'));
await atOnce('return_1_at_once', calls * 3, () => db.query('RETURN 1'));
sayMemory('memory_return_1');
await sequential('create', calls, create(db, 'person'));
await db.query('CREATE p2:0'); // without it, 64 first writers of a new table fail here
await atOnce('create_at_once', calls * 2, create(db, 'p2'));
sayMemory('memory_create');
await sequential('select_by_id', calls, (i) =>
  db.query('SELECT * FROM $id', { id: new RecordId('person', Math.max(i, 0) + 1000000) }));
await db.query(sizes.fill);
const selects = [];
for (let turn = 0; turn < sizes.selects; turn++) {
  const start = now();
  say('select_10k_stall', await longestStall(async () => {
    const [rows] = await db.query('SELECT * FROM big');
    if (rows.length !== 10000) throw new Error('rows');
  }));
  const time = now() - start;
  selects.push(time);
  say('idle_stall', await longestStall(() => new Promise((done) => setTimeout(done, time))));
}
say('select_10k', median(selects));
sayMemory('memory_select_10k');
say('insert_10k', await insert(db, sizes.inserts));
sayMemory('memory_insert_10k');
await db.close();
await openClose('open_close', () => 'mem://');

db = await open(`rocksdb://${sizes.folder}/store`);
await sequential('rocksdb_create', sizes.rocksdb, create(db, 'person'));
await db.query('CREATE p2:0');
await atOnce('rocksdb_create_at_once', sizes.rocksdb * 4, create(db, 'p2'));
say('rocksdb_insert_10k', await insert(db, 1));
sayMemory('memory_rocksdb');
await db.close();
await openClose('rocksdb_open_close', (turn) => `rocksdb://${sizes.folder}/store_${turn}`);
process.exit(0);
