package dev.postern.cli.command;

import dev.postern.cli.console.UserError;
import dev.postern.cli.selection.Settings;
import dev.postern.diagnostic.Nearest;
import dev.postern.lint.dataplane.Dataplane;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says what is to enforce the policies. */
final class DataplaneOptions {

  @Option(
      names = "--dataplane",
      paramLabel = "<name>",
      split = ",",
      description =
          "Say what this dataplane does not enforce, as calico, cilium or ovn-kubernetes; all: any of them. Repeatable.")
  private List<String> dataplanes = new ArrayList<>();

  /**
   * The dataplanes that the user names: the option's word over the settings'.
   *
   * @throws UserError if there is none of a name
   */
  List<Dataplane> of(Settings settings) {
    List<String> names = dataplanes.isEmpty() ? settings.dataplane().stream().toList() : dataplanes;
    return names.contains("all")
        ? Dataplane.all()
        : names.stream().map(DataplaneOptions::dataplane).toList();
  }

  private static Dataplane dataplane(String name) {
    List<String> known = Dataplane.all().stream().map(Dataplane::name).toList();
    return Dataplane.named(name)
        .orElseThrow(() ->
            new UserError("postern: error: no dataplane `" + name + "` is known (hint: "
                + Nearest.to(name, known)
                    .map(near -> "did you mean `" + near + "`?")
                    .orElse("all, " + String.join(", ", known))
                + ")"));
  }
}
