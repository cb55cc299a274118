import 'package:surrealdartb/surrealdartb.dart';

/// How many records [table] has.
Future<int> count(Queryable on, [String table = 'a']) => on.count(table);
