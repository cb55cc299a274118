/// What the application isolate and the database isolate say to each other.
///
/// A command asks for one thing, and is answered by exactly one response with
/// the same request id. Any number of commands can be under way.
library;

import '../storage_backend.dart';

/// Something the database isolate is asked to do.
sealed class IsolateCommand {
  IsolateCommand() : requestId = _nextRequestId++;

  static int _nextRequestId = 1;

  /// Which request this is; its response has the same.
  final int requestId;

  /// The verb, as exceptions name it.
  String get operation;
}

/// Make the native context. The first command of every database isolate.
final class InitializeCommand extends IsolateCommand {
  @override
  String get operation => 'initialize';
}

/// Open a store and select a namespace and a database.
final class ConnectCommand extends IsolateCommand {
  /// Connects to [endpoint]; see [StorageBackend.toEndpoint].
  ConnectCommand(this.endpoint, {this.namespace, this.database});

  /// `mem://` or `rocksdb://PATH`.
  final String endpoint;

  /// The namespace to select, if any.
  final String? namespace;

  /// The database to select, if any.
  final String? database;

  @override
  String get operation => 'connect';
}

/// Select a namespace.
final class UseNamespaceCommand extends IsolateCommand {
  /// Selects [namespace].
  UseNamespaceCommand(this.namespace);

  /// The namespace's name.
  final String namespace;

  @override
  String get operation => 'use_namespace';
}

/// Select a database.
final class UseDatabaseCommand extends IsolateCommand {
  /// Selects [database].
  UseDatabaseCommand(this.database);

  /// The database's name.
  final String database;

  @override
  String get operation => 'use_database';
}

/// Run SurrealQL.
final class QueryCommand extends IsolateCommand {
  /// Runs [sql] with [bindings].
  QueryCommand(this.sql, this.bindings);

  /// One or more statements.
  final String sql;

  /// The values of the text's parameters, by name without the dollar.
  final Map<String, dynamic> bindings;

  @override
  String get operation => 'query';
}

/// Read a table's records, or one record.
final class SelectCommand extends IsolateCommand {
  /// Reads [resource].
  SelectCommand(this.resource);

  /// A table or a record id.
  final String resource;

  @override
  String get operation => 'select';
}

/// Create a record.
final class CreateCommand extends IsolateCommand {
  /// Creates a record of [resource] with [data].
  CreateCommand(this.resource, this.data);

  /// A table or a record id.
  final String resource;

  /// The record's content.
  final Map<String, dynamic> data;

  @override
  String get operation => 'create';
}

/// Replace a record's content.
final class UpdateCommand extends IsolateCommand {
  /// Gives [resource] the content [data].
  UpdateCommand(this.resource, this.data);

  /// A record id.
  final String resource;

  /// The record's new content.
  final Map<String, dynamic> data;

  @override
  String get operation => 'update';
}

/// Delete a record, or a table's records.
final class DeleteCommand extends IsolateCommand {
  /// Deletes [resource].
  DeleteCommand(this.resource);

  /// A table or a record id.
  final String resource;

  @override
  String get operation => 'delete';
}

/// Let go of the store and end. The last command of a database isolate.
final class CloseCommand extends IsolateCommand {
  @override
  String get operation => 'close';
}

/// What a command came to.
sealed class IsolateResponse {
  const IsolateResponse(this.requestId);

  /// The command that this answers.
  final int requestId;
}

/// The command's value.
final class SuccessResponse extends IsolateResponse {
  /// Answers the command [requestId] with [value].
  const SuccessResponse(super.requestId, [this.value]);

  /// What the command gives; null for one that gives nothing.
  final Object? value;
}

/// The command's failure.
final class ErrorResponse extends IsolateResponse {
  /// Answers the command [requestId] with [error].
  const ErrorResponse(super.requestId, this.error);

  /// A `DatabaseException`, or an `ArgumentError`.
  final Object error;
}
