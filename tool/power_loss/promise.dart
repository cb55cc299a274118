import 'history.dart';
import 'workshop.dart';

/// What a durability promises of what was acknowledged, and how long before the
/// power went.
sealed class Promise {
  const Promise();

  /// That of the load's argument [durability].
  factory Promise.of(String durability) => switch (durability) {
    'every' => const _Every(),
    'never' => const _Never(),
    _ => _Interval(Duration(milliseconds: int.parse(durability))),
  };

  bool _isRequired(Duration acknowledged, Duration now);

  /// What is wrong with what was found of a store of [history] whose power went
  /// at [now].
  List<String> faultsOf(Finding finding, History history, Duration now) {
    if (finding.error case final error?) return ['it does not open: $error'];
    return history.faultsOf(
      finding.found!,
      isRequired: (it) => _isRequired(it, now),
    );
  }
}

final class _Every extends Promise {
  const _Every();

  @override
  bool _isRequired(Duration acknowledged, Duration now) => true;
}

final class _Never extends Promise {
  const _Never();

  @override
  bool _isRequired(Duration acknowledged, Duration now) => false;
}

final class _Interval extends Promise {
  const _Interval(this.length);

  final Duration length;

  /// What a machine that does other work may be late.
  static const patience = Duration(milliseconds: 250);

  @override
  bool _isRequired(Duration acknowledged, Duration now) =>
      now - acknowledged > length + patience;
}
