import 'package:surrealdartb/surrealdartb.dart';

import 'answers.dart';
import 'condition.dart';
import 'scenario.dart';

/// Which part of the engine plans and runs a statement.
enum Planner {
  /// Reads, unless they stand in a write.
  streaming,

  /// Writes, and the subqueries in them.
  compute,
}

/// What is asked: the records of [table] that match [condition].
final class Question {
  /// A question about [table], which is that of [scenario] or its twin without
  /// indexes.
  Question(this.scenario, this.table, {Literals literals = const SpelledOut()})
    : where = scenario.condition.sql(literals);

  /// What the table holds.
  final Scenario scenario;

  /// The name of the table.
  final String table;

  /// The condition, as SurrealQL.
  final String where;
}

/// What is right: the answer that the twin without indexes gives to a plain
/// `SELECT`.
final class Truth {
  /// The records with [keys].
  Truth(Iterable<int> keys) : keys = [...keys]..sort();

  /// The keys of the matching records, sorted.
  final List<int> keys;
}

/// A way of asking.
final class Way {
  /// A way of asking with [text], whose response is read by [read].
  const Way(
    this.name,
    this.planner,
    this.text,
    this.read, {
    this.expected = allOf,
    this.literals,
    this.then,
    this.writes = false,
  });

  /// A name for reports.
  final String name;

  /// What runs the statement.
  final Planner planner;

  /// The statements. The last gives the answer, unless there is [then].
  final String Function(Question question) text;

  /// Statements that follow [text], see what it did, and undo that.
  final String Function(Question question)? then;

  /// The answer in the value of the last statement: a list of keys, or how many
  /// records there are.
  final Object Function(dynamic value) read;

  /// What the answer has to be, or null for what the twin without indexes
  /// answers to the same text.
  final Object Function(Truth truth, Question question)? expected;

  /// How the condition's values are written, if not as SurrealQL.
  final Bound Function()? literals;

  /// Whether it changes records, and so must be alone.
  final bool writes;

  /// Whether it says which indexes may be used. Full text needs its own.
  bool get hasHint => name.contains(' WITH ');

  /// Asks [db] about [table].
  Future<Answer> ask(Database db, Scenario scenario, String table) async {
    final bound = literals?.call();
    final question = Question(
      scenario,
      table,
      literals: bound ?? const SpelledOut(),
    );
    final texts = [text(question), ?then?.call(question)];
    try {
      final response = await db.query(texts.join('; '), bound?.bindings);
      if (response.getErrors().firstOrNull case final error?) throw error;
      // What `then` undoes comes behind what it sees.
      final at = response.length - (then == null ? 1 : 2);
      return Answer(read(response.takeResult(at)));
    } on DatabaseException catch (error) {
      return Answer('error: ${error.message}');
    }
  }
}

/// An answer, or a failure: equal when their texts are.
final class Answer {
  /// A list of keys, a number, or the text of a failure.
  Answer(Object value) : text = '$value';

  /// What it is.
  final String text;

  @override
  bool operator ==(Object other) => other is Answer && other.text == text;

  @override
  int get hashCode => text.hashCode;

  @override
  String toString() => text;
}
