import 'package:flutter/material.dart';

import 'keeping.dart';

/// How safely notes are kept, to be chosen.
class SettingsPage extends StatelessWidget {
  /// A page that shows [keeping] as chosen.
  const SettingsPage({required this.keeping, required this.onKeep, super.key});

  /// What holds now.
  final Keeping keeping;

  /// Is told of the choice.
  final ValueChanged<Keeping> onKeep;

  @override
  Widget build(BuildContext context) => Scaffold(
    appBar: AppBar(title: const Text('When is a note on the disk?')),
    body: RadioGroup<Keeping>(
      groupValue: keeping,
      onChanged: (chosen) => onKeep(chosen!),
      child: ListView(
        children: [
          for (final choice in Keeping.values)
            RadioListTile(
              value: choice,
              title: Text(choice.title),
              subtitle: Text(choice.meaning),
            ),
        ],
      ),
    ),
  );
}
