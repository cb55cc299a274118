import 'dart:math';

import 'package:surrealdartb/surrealdartb.dart';

import 'way.dart';

// What is right, for the truth.

/// The matching records.
Object allOf(Truth truth, Question _) => truth.keys;

/// How many match.
Object countOf(Truth truth, Question _) => truth.keys.length;

/// How many a `LIMIT 2` lets through.
Object atMostTwoOf(Truth truth, Question _) => min(2, truth.keys.length);

/// Those of them that a range `:2..6` holds.
Object inRangeOf(Truth truth, Question _) => [
  for (final key in truth.keys)
    if (key >= 2 && key < 6) key,
];

/// The records that do not match: those that a `DELETE` leaves.
Object othersThan(Truth truth, Question question) => [
  for (final row in question.scenario.rows)
    if (!truth.keys.contains(row.key)) row.key,
]..sort();

/// The matching records; an `UPSERT` that finds none creates one.
Object orCreated(Truth truth, Question _) =>
    truth.keys.isEmpty ? const [_created] : truth.keys;

const _created = -1;

// What an answer says.

int _key(dynamic id) => switch (id) {
  RecordId(:final int key) => key,
  _ => _created,
};

/// The keys of ids, sorted.
List<int> readIds(dynamic value) => readIdsInOrder(value)..sort();

/// The keys of ids, in their order.
List<int> readIdsInOrder(dynamic value) => [
  for (final id in value as List<dynamic>) _key(id),
];

/// The keys of records, sorted.
List<int> readRecords(dynamic value) => readRecordsInOrder(value)..sort();

/// The keys of records, in their order.
List<int> readRecordsInOrder(dynamic value) => readIdsInOrder([
  for (final record in value as List<dynamic>) (record as Map)['id'],
]);

/// Values, in their order; numbers of all kinds are one.
String readValues(dynamic value) => switch (value) {
  final List<dynamic> items => '${items.map(readValues).toList()}',
  final num number => '${number.toDouble()}',
  Decimal() => '${double.parse('$value'.replaceAll('dec', ''))}',
  _ => '$value',
};

/// Values, where the order does not count.
List<String> readTexts(dynamic value) =>
    [for (final item in value as List<dynamic>) '$item']..sort();

/// How many there are.
int readLength(dynamic value) => (value as List<dynamic>).length;

/// A number.
int readNumber(dynamic value) => value as int;

/// The `count` of the only row; no row is none.
int readCount(dynamic value) => switch (value) {
  [final Map<dynamic, dynamic> row] => row['count'] as int,
  _ => 0,
};

/// Each record as often as it was written.
List<int> readHits(dynamic value) => [
  for (final [id, hits as int]
      in (value as List<dynamic>).cast<List<dynamic>>())
    for (var i = 0; i < hits; i++) _key(id),
]..sort();
