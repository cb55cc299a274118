"""The workloads on the official Python SDK (PyPI: surrealdb).

One argument, JSON: how much of each, and a folder for stores. Prints a line of
JSON for each figure; ../METHODOLOGY.md says what each is. The package has no
RocksDB: those workloads are left out.
"""

import asyncio
import json
import sys
import time

from surrealdb import AsyncSurreal, RecordID

SIZES = json.loads(sys.argv[1])


def say(name, value):
    print(json.dumps({"name": name, "value": value}), flush=True)


def say_memory(name):
    try:
        with open("/proc/self/statm") as file:
            say(name, int(file.read().split()[1]) * 4096 / 1048576)
    except FileNotFoundError:
        pass


def median(values):
    return sorted(values)[len(values) // 2]


async def connect():
    db = AsyncSurreal("mem://")
    await db.connect()
    await db.use("bench", "bench")
    return db


async def sequential(name, calls, body):
    for i in range(min(200, calls)):
        await body(-i - 1)
    times = []
    for i in range(calls):
        start = time.perf_counter()
        await body(i)
        times.append((time.perf_counter() - start) * 1e6)
    say(name, median(times))


async def at_once(name, calls, body):
    numbers = iter(range(calls))
    start = time.perf_counter()

    async def worker():
        for i in numbers:
            await body(i)

    await asyncio.gather(*[worker() for _ in range(64)])
    say(name, calls / (time.perf_counter() - start))


async def longest_stall(body):
    longest = 0
    last = time.perf_counter()

    def look():
        nonlocal longest, last
        now = time.perf_counter()
        longest = max(longest, now - last - 0.001)
        last = now

    async def tick():
        while True:
            await asyncio.sleep(0.001)
            look()

    timer = asyncio.create_task(tick())
    await body
    look()
    timer.cancel()
    return longest * 1e3


def document(i):
    return {"name": "John", "age": i, "tags": ["a", "b"], "nested": {"x": 1.5, "y": True}}


def create(db, table):
    return lambda i: db.query(
        "CREATE $id CONTENT $d", {"id": RecordID(table, i + 1000000), "d": document(i)}
    )


async def insert(db, turns):
    times = []
    for turn in range(turns):
        rows = [document(i) for i in range(10000)]
        start = time.perf_counter()
        await db.query(f"INSERT INTO bulk{turn} $rows", {"rows": rows})
        times.append((time.perf_counter() - start) * 1e3)
    return median(times)


async def select_big(db):
    rows = await db.query("SELECT * FROM big")
    assert len(rows) == 10000


async def main():
    db = await connect()
    if SIZES.get("startUp"):
        await db.query("RETURN 1")
        await db.close()
        return
    calls = SIZES["calls"]
    say("version", await db.version())
    say_memory("memory_open")
    await sequential("return_1", calls, lambda i: db.query("RETURN 1"))
    await at_once("return_1_at_once", calls * 3, lambda i: db.query("RETURN 1"))
    say_memory("memory_return_1")
    await sequential("create", calls, create(db, "person"))
    await db.query("CREATE p2:0")
    await at_once("create_at_once", calls * 2, create(db, "p2"))
    say_memory("memory_create")
    await sequential(
        "select_by_id",
        calls,
        lambda i: db.query(
            "SELECT * FROM $id", {"id": RecordID("person", max(i, 0) + 1000000)}
        ),
    )
    await db.query(SIZES["fill"])
    selects = []
    for _ in range(SIZES["selects"]):
        start = time.perf_counter()
        say("select_10k_stall", await longest_stall(select_big(db)))
        elapsed = time.perf_counter() - start
        selects.append(elapsed * 1e3)
        say("idle_stall", await longest_stall(asyncio.sleep(elapsed)))
    say("select_10k", median(selects))
    say_memory("memory_select_10k")
    say("insert_10k", await insert(db, SIZES["inserts"]))
    say_memory("memory_insert_10k")
    await db.close()

    times = []
    for _ in range(SIZES["opens"]):
        start = time.perf_counter()
        await (await connect()).close()
        times.append((time.perf_counter() - start) * 1e3)
    say("open_close", median(times))


asyncio.run(main())
