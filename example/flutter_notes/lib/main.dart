import 'package:flutter/widgets.dart';

import 'app.dart';
import 'data_folder.dart';

void main() => runApp(NotesApp(folder: dataFolder()));
