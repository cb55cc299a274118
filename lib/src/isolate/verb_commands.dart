/// The commands that native code knows by number: a row each, with the arguments, and how
/// the answer is read.
library;

import '../ffi/native_types.dart';
import '../on_duplicate.dart';
import '../transaction_mode.dart';
import 'isolate_messages.dart';
import 'row_pieces.dart';

/// Set a parameter of the session.
final class SetCommand extends VerbCommand {
  /// Gives the parameter [name] the [value].
  SetCommand(this.name, this.value);

  /// The name, without the dollar.
  final String name;

  /// Its value from now on.
  final Object? value;

  @override
  NativeVerb get verb => NativeVerb.set;

  @override
  Map<String, Object?> get arguments => {'name': name, 'value': value};
}

/// Remove a parameter of the session.
final class UnsetCommand extends VerbCommand {
  /// Removes the parameter [name].
  UnsetCommand(this.name);

  /// The name, without the dollar.
  final String name;

  @override
  NativeVerb get verb => NativeVerb.unset;

  @override
  Map<String, Object?> get arguments => {'name': name};
}

/// A command about records.
sealed class ResourceCommand extends VerbCommand {
  ResourceCommand(this.resource);

  /// A `SurrealTable`, a `RecordId`, or text in SurrealQL's form of them.
  final Object resource;

  @override
  Map<String, Object?> get arguments => {'resource': resource};
}

/// Read records.
final class SelectCommand extends ResourceCommand {
  /// Reads [resource].
  SelectCommand(super.resource);

  @override
  NativeVerb get verb => NativeVerb.select;

  @override
  Object read(Object? value) => _records(value);
}

/// Read one record.
final class GetCommand extends ResourceCommand {
  /// Reads the record [resource].
  GetCommand(super.resource);

  @override
  NativeVerb get verb => NativeVerb.get;
}

/// Create a record.
final class CreateCommand extends ResourceCommand {
  /// Creates a record of [resource] with [data].
  CreateCommand(super.resource, this.data);

  /// The record's content.
  final Map<String, dynamic> data;

  @override
  NativeVerb get verb => NativeVerb.create;

  @override
  Map<String, Object?> get arguments => {...super.arguments, 'data': data};
}

/// Create many records, or edges. Those that do not fit into one piece follow the command.
final class InsertCommand extends ResourceCommand {
  /// Creates [records] in the table [resource].
  InsertCommand(
    Object resource,
    Iterable<Map<String, dynamic>> records,
    OnDuplicate onDuplicate,
  ) : this._(resource, RowPieces(records), onDuplicate, NativeVerb.insert);

  /// Creates edges in the table [resource].
  InsertCommand.relation(
    Object resource,
    Iterable<Map<String, dynamic>> edges,
    OnDuplicate onDuplicate,
  ) : this._(
        resource,
        RowPieces(edges),
        onDuplicate,
        NativeVerb.insertRelation,
      );

  InsertCommand._(super.resource, RowPieces rows, this.onDuplicate, this.verb)
    : records = rows.next(),
      isWhole = !rows.hasMore {
    if (!isWhole) _rest[this] = rows;
  }

  /// Not in the commands themselves: it stays where it is, and they are sent.
  static final _rest = Expando<RowPieces>();

  /// The records' contents, or the first of them.
  final List<Map<String, dynamic>> records;

  /// Whether [records] are all. Otherwise the [arguments] are without them.
  final bool isWhole;

  /// The records that follow, in the isolate where the command was made.
  RowPieces? get rest => _rest[this];

  /// What happens to records that exist.
  final OnDuplicate onDuplicate;

  @override
  final NativeVerb verb;

  @override
  Object read(Object? value) => _records(value);

  @override
  Map<String, Object?> get arguments => {
    ...super.arguments,
    'ignore': onDuplicate == OnDuplicate.ignore,
    if (isWhole) 'data': records,
  };
}

/// Change a record, or with `all` the records of a table or a range.
sealed class ChangeCommand extends ResourceCommand {
  ChangeCommand(super.resource, this.data, {required this.all});

  /// What to change.
  final Object data;

  /// Whether [resource] is a table or a range.
  final bool all;

  @override
  Object? read(Object? value) => all ? _records(value) : value;

  @override
  Map<String, Object?> get arguments => {
    ...super.arguments,
    'data': data,
    'all': all,
  };
}

/// Replace content.
final class UpdateCommand extends ChangeCommand {
  /// Gives [resource] the content [data].
  UpdateCommand(
    super.resource,
    Map<String, dynamic> super.data, {
    super.all = false,
  });

  @override
  NativeVerb get verb => NativeVerb.update;
}

/// Replace content, or create the record with it.
final class UpsertCommand extends ChangeCommand {
  /// Gives [resource] the content [data].
  UpsertCommand(
    super.resource,
    Map<String, dynamic> super.data, {
    super.all = false,
  });

  @override
  NativeVerb get verb => NativeVerb.upsert;
}

/// Change some fields.
final class MergeCommand extends ChangeCommand {
  /// Merges [data] into [resource].
  MergeCommand(
    super.resource,
    Map<String, dynamic> super.data, {
    super.all = false,
  });

  @override
  NativeVerb get verb => NativeVerb.merge;
}

/// Apply JSON Patch.
final class PatchCommand extends ChangeCommand {
  /// Applies the operations [data] to [resource].
  PatchCommand(
    super.resource,
    List<Map<String, dynamic>> super.data, {
    super.all = false,
  });

  @override
  NativeVerb get verb => NativeVerb.patch;
}

/// Delete records.
final class DeleteCommand extends ResourceCommand {
  /// Deletes [resource].
  DeleteCommand(super.resource);

  @override
  NativeVerb get verb => NativeVerb.delete;
}

/// Count records.
final class CountCommand extends ResourceCommand {
  /// Counts the records of [resource].
  CountCommand(super.resource);

  @override
  NativeVerb get verb => NativeVerb.count;
}

/// Create an edge.
final class RelateCommand extends ResourceCommand {
  /// Creates the edge [resource] from the record [from] to the record [to].
  RelateCommand(this.from, super.resource, this.to, this.data);

  /// Where the edge begins.
  final Object from;

  /// Where the edge ends.
  final Object to;

  /// The edge's content.
  final Map<String, dynamic> data;

  @override
  NativeVerb get verb => NativeVerb.relate;

  @override
  Map<String, Object?> get arguments => {
    ...super.arguments,
    'from': from,
    'to': to,
    'data': data,
  };
}

/// Copy what can be read of a damaged store.
final class SalvageCommand extends VerbCommand {
  /// Copies from the folder [from] to the folder [to].
  SalvageCommand(this.from, this.to);

  /// The damaged store's folder.
  final String from;

  /// The new store's folder.
  final String to;

  @override
  NativeVerb get verb => NativeVerb.salvage;

  @override
  Map<String, Object?> get arguments => {'from': from, 'to': to};
}

/// Call a function.
final class RunCommand extends VerbCommand {
  /// Calls [function] with [parameters].
  RunCommand(this.function, this.parameters);

  /// The function's name.
  final String function;

  /// What it is called with.
  final List<Object?> parameters;

  @override
  NativeVerb get verb => NativeVerb.run;

  @override
  Map<String, Object?> get arguments => {
    'function': function,
    'arguments': parameters,
  };
}

/// A command without arguments, whose answer is read as it is.
final class PlainCommand extends VerbCommand {
  /// Makes a session that begins as the command's one is. The response is its handle.
  PlainCommand.fork() : verb = NativeVerb.fork;

  /// Makes a session that begins as the database did. The response is its handle.
  PlainCommand.newSession() : verb = NativeVerb.newSession;

  /// Commits the command's transaction, behind its calls.
  PlainCommand.commit() : verb = NativeVerb.commit;

  /// Cancels the command's transaction, and its calls.
  PlainCommand.cancel() : verb = NativeVerb.cancel;

  /// Asks for the engine's version.
  PlainCommand.version() : verb = NativeVerb.version;

  /// Asks whether the store can be read and written.
  PlainCommand.health() : verb = NativeVerb.health;

  /// Lets the session act as nobody.
  PlainCommand.invalidate() : verb = NativeVerb.invalidate;

  @override
  final NativeVerb verb;
}

/// End the command's session, which is not the database's first.
final class CloseSessionCommand extends VerbCommand {
  @override
  NativeVerb get verb => NativeVerb.closeSession;

  @override
  String get operation => 'close';
}

/// Begin a transaction of several calls. The response is its handle.
final class BeginTransactionCommand extends VerbCommand {
  /// Begins one of [mode] that may be idle for [idleTimeout]; with [inLane] when
  /// others that asked for the same have ended.
  BeginTransactionCommand(this.mode, this.idleTimeout, {required this.inLane});

  /// What it may do.
  final TransactionMode mode;

  /// How long it may go on without a call.
  final Duration idleTimeout;

  /// Whether it waits for its turn.
  final bool inLane;

  @override
  NativeVerb get verb => NativeVerb.beginTransaction;

  @override
  Map<String, Object?> get arguments => {
    'mode': mode.name,
    'idle': idleTimeout.inMilliseconds,
    'inLane': inLane,
  };
}

/// Records, as they are typed for whoever called.
List<Map<String, dynamic>> _records(Object? value) => [
  for (final record in value! as List<dynamic>) record as Map<String, dynamic>,
];
