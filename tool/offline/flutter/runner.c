// A window with a Flutter application in it: what `flutter create` makes for Linux,
// without its build system and without the headers of GTK. SIGTERM closes the window
// as its user does. The arguments are those of the application's main.
#include <signal.h>

typedef void *object;
typedef void (*callback)(void);

object fl_dart_project_new(void);
void fl_dart_project_set_dart_entrypoint_arguments(object project, char **arguments);
object fl_view_new(object project);
int g_application_run(object application, int count, char **arguments);
void g_object_unref(object object);
unsigned long g_signal_connect_data(object instance, const char *signal, callback handler,
                                    void *data, void *destroy, int flags);
unsigned g_unix_signal_add(int signal, int (*handler)(void *), void *data);
object gtk_application_new(const char *name, int flags);
object gtk_application_window_new(object application);
void gtk_container_add(object container, object widget);
void gtk_widget_grab_focus(object widget);
void gtk_widget_show_all(object widget);
void gtk_window_close(object window);
void gtk_window_set_default_size(object window, int width, int height);

enum { NON_UNIQUE = 1 << 5 }; // a GApplicationFlags: without a bus for messages

static int close_window(void *window) {
  gtk_window_close(window);
  return 0; // once
}

static void activate(object application, void *arguments) {
  object window = gtk_application_window_new(application);
  gtk_window_set_default_size(window, 1000, 620);
  g_unix_signal_add(SIGTERM, close_window, window);

  object project = fl_dart_project_new();
  fl_dart_project_set_dart_entrypoint_arguments(project, arguments);
  object view = fl_view_new(project);
  g_object_unref(project);
  gtk_container_add(window, view);
  gtk_widget_show_all(window);
  gtk_widget_grab_focus(view);
}

int main(int count, char **arguments) {
  (void)count;
  object application = gtk_application_new("com.example.flutter_notes", NON_UNIQUE);
  g_signal_connect_data(application, "activate", (callback)activate, arguments + 1, 0, 0);
  int status = g_application_run(application, 1, arguments);
  g_object_unref(application);
  return status;
}
