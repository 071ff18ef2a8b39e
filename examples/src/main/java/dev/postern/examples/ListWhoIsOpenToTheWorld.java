package dev.postern.examples;

import dev.postern.manifest.Manifests;
import dev.postern.reach.Endpoint;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import java.util.List;

/** Lists the workloads that some address outside the cluster may reach: {@code ListWhoIsOpenToTheWorld examples/shop}. */
public final class ListWhoIsOpenToTheWorld {

  private ListWhoIsOpenToTheWorld() {}

  public static void main(String... arguments) {
    open(Path.of(arguments[0])).forEach(System.out::println);
  }

  static List<String> open(Path manifests) {
    return Verifier.of(Manifests.load(manifests).cluster())
        .connectivity()
        .connections()
        .filter(connection -> connection.source() instanceof Endpoint.External)
        .map(connection ->
            connection.destination().id() + " " + connection.reach().possible())
        .distinct()
        .toList();
  }
}
