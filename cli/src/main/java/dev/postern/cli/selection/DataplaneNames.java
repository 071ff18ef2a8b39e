package dev.postern.cli.selection;

import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.KubeProxy;
import dev.postern.diagnostic.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How options and settings name dataplanes, and what to say of a name that is none. */
public final class DataplaneNames {

  private static final String ALL = "all";

  private DataplaneNames() {}

  /** The dataplanes of a name: one, or all of them; empty if there is none. */
  public static Optional<List<Dataplane>> of(String name) {
    return name.equals(ALL)
        ? Optional.of(Dataplane.all())
        : Dataplane.named(name).map(List::of);
  }

  /** What is wrong with a name of which there is none. */
  public static String problem(String name) {
    int at = name.indexOf('@');
    return at >= 0 && Dataplane.named(name.substring(0, at)).isPresent()
        ? "`" + name.substring(at + 1) + "` is no version of " + name.substring(0, at)
        : "no dataplane `" + name + "` is known";
  }

  /** What to write instead. */
  public static String hint(String name) {
    int at = name.indexOf('@');
    if (at >= 0 && Dataplane.named(name.substring(0, at)).isPresent()) {
      return "write it as " + name.substring(0, at) + "@1.16";
    }
    List<String> known = Dataplane.all().stream().map(Dataplane::name).toList();
    return Nearest.to(name, known)
        .map(near -> "did you mean `" + near + "`?")
        .orElse("all, " + String.join(", ", known));
  }

  /** The ways in which Services can be served. */
  public static String ways() {
    return Arrays.stream(KubeProxy.values()).map(KubeProxy::word).collect(Collectors.joining(", "));
  }
}
