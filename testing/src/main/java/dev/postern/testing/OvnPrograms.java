package dev.postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of one release of OVN: those that the machine has, or those that {@code ./check} unpacked beside them, which run with the
 * libraries that were unpacked with them.
 */
public final class OvnPrograms {

  private static final List<String> PLACES =
      List.of("usr/bin", "usr/sbin", "usr/lib/openvswitch-switch", "usr/local/bin");

  private final String version;
  private final Path root;
  private final boolean apart;

  private OvnPrograms(String version, Path root, boolean apart) {
    this.version = version;
    this.root = root;
    this.apart = apart;
  }

  /** What the machine has; Debian 12 has 23.03. Skips the test where there is none; in CI that is a failure. */
  public static OvnPrograms installed() {
    OvnPrograms release = new OvnPrograms("23.03", Path.of("/"), false);
    require(
        release.find("ovn-northd").isPresent() && release.find("ovs-vswitchd").isPresent(),
        "OVN is not installed (ovn-central, ovn-host, openvswitch-switch)");
    return release;
  }

  /** 25.03, of Debian 13. Skips the test where it was not unpacked; in CI that is a failure. */
  public static OvnPrograms newer() {
    OvnPrograms release = new OvnPrograms("25.03", Path.of("../.engines/debian-13"), true);
    require(
        release.find("ovn-northd").isPresent(),
        "OVN of Debian 13 is not in .engines (./check unpacks it there)");
    return release;
  }

  private static void require(boolean there, String otherwise) {
    if (!there) {
      Engines.missing(otherwise);
    }
  }

  /** As {@code 23.03}. */
  public String version() {
    return version;
  }

  /** Whether its programs are the machine's own. */
  public boolean isInstalled() {
    return !apart;
  }

  private Optional<Path> find(String program) {
    return PLACES.stream()
        .map(place -> root.resolve(place).resolve(program).toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The words that run a program of this release. */
  public List<String> words(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    if (apart) {
      find(command[0]).ifPresent(program -> {
        Path loader = loader();
        words.set(0, program.toString());
        words.addAll(
            0,
            List.of(
                loader.toString(),
                "--library-path",
                String.valueOf(loader.getParent()),
                "--argv0",
                command[0]));
      });
    }
    return words;
  }

  private Path loader() {
    try (Stream<Path> files = Files.find(
        root.resolve("usr/lib").toAbsolutePath(),
        2,
        (file, attributes) -> file.getFileName().toString().matches("ld-linux-.*\\.so\\.\\d"))) {
      return files.findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A schema, as {@code ovn-nb} or {@code vswitch}. */
  public String schema(String name) {
    String directory = name.startsWith("ovn") ? "ovn" : "openvswitch";
    return root.resolve("usr/share/" + directory + "/" + name + ".ovsschema")
        .toAbsolutePath()
        .toString();
  }
}
