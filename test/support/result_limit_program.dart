/// Asks for a gigabyte of rows from a database that may answer a megabyte.
/// Prints how much memory that took, in bytes.
library;

import 'dart:io';

import 'package:surrealdartb/surrealdartb.dart';

Future<void> main() async {
  final db = await Database.connect(
    backend: StorageBackend.memory,
    namespace: 'test',
    database: 'test',
    maxResultBytes: 1 << 20,
  );
  final before = ProcessInfo.maxRss;
  final response = await db.query(
    "SELECT string::repeat('x', 10000) AS text FROM array::range(0, 100000)",
  );
  if (response.getErrors().single is! ResultTooLongException) {
    throw StateError('${response.getErrors()}');
  }
  print(ProcessInfo.maxRss - before);
  await db.close();
}
