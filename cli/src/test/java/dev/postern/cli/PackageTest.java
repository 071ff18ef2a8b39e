package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./package} writes, unpacked where there is no JDK, no Maven and no tree. */
@EnabledOnOs(OS.LINUX)
class PackageTest {

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir
  private Path directory;

  private record Call(int status, String out) {}

  private Call call(Path where, String path, String... command)
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(where.toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path);
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return new Call(process.exitValue(), Files.readString(out));
  }

  /** The jars of this class path, as {@code ./postern} would have them: modules of this build are directories here. */
  private Path jars() throws IOException, InterruptedException {
    Path jars = Files.createDirectory(directory.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isRegularFile(path)) {
        Files.copy(path, jars.resolve(path.getFileName()));
      } else if (path.endsWith("classes") && Files.isDirectory(path)) {
        String module = path.getParent().getParent().getFileName().toString();
        Call made = call(
            directory,
            "",
            JDK.resolve("bin/jar").toString(),
            "--create",
            "--file",
            jars.resolve(module + "-0.jar").toString(),
            "-C",
            path.toString(),
            ".");
        assertThat(made.status()).as(made.out()).isZero();
      }
    }
    // In place of the native program, which is compiled for NativeProgramTest: it knows one
    // question.
    Path program = Files.writeString(
        jars.resolve("postern"),
        "#!/bin/sh\n[ \"$*\" != 'terminal= can be compiled' ] || { echo it can; exit 64; }\nexit 97\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return jars;
  }

  private Path packaged(Path jars, String out, String classArchive)
      throws IOException, InterruptedException {
    return packaged(JDK, jars, out, classArchive);
  }

  private Path packaged(Path jdk, Path jars, String out, String classArchive)
      throws IOException, InterruptedException {
    Call made = call(
        Path.of("..").toAbsolutePath().normalize(),
        jdk.resolve("bin") + ":/usr/bin:/bin",
        "env",
        "POSTERN_COMPRESSION=1",
        "POSTERN_CLASS_ARCHIVE=" + classArchive,
        "bash",
        "-c",
        // The second run of one test is that of another place, time zone and caution.
        (classArchive.equals("yes") ? "" : "umask 077; TZ=Asia/Tokyo LANG=de_DE.UTF-8 ")
            + "exec bash package \"$@\"",
        "package",
        directory.resolve(out).toString(),
        jars.toString());
    assertThat(made.status()).as(made.out()).isZero();
    return directory.resolve(out);
  }

  private static Path ending(Path where, String ending) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .findFirst()
          .orElseThrow(() -> new AssertionError("nothing ends in " + ending));
    }
  }

  private Path unpacked(Path archive, String name) throws IOException, InterruptedException {
    Path where = Files.createDirectory(directory.resolve(name));
    Call tar = call(where, "/usr/bin:/bin", "tar", "-xf", archive.toString());
    assertThat(tar.status()).as(tar.out()).isZero();
    return where;
  }

  /** A directory that holds links to these programs and nothing else. */
  private String onlyPrograms(String... names) throws IOException {
    Path programs = Files.createDirectories(directory.resolve("programs"));
    for (String name : names) {
      Files.deleteIfExists(programs.resolve(name));
      Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
    }
    return programs.toString();
  }

  private static final String QUESTION = "can shop/frontend reach shop/db on 5432 -f ";

  private static final String ANSWER = "allowed: shop/frontend -> shop/db on tcp/5432\n";

  /** One test, since packaging takes long: everything that is written, each in the place that it is for. */
  @Test
  void whatIsPackagedAnswersAndProvesWhereThereIsNoJdkAndIsTheSameTwice() throws Exception {
    assumeTrue(
        Files.isDirectory(JDK.resolve("jmods")), "this JDK has no jmods to link a runtime of");
    Path jars = jars();
    Path made = packaged(jars, "one", "yes");
    assertThat(call(made, "/usr/bin:/bin", "sha256sum", "--check", "SHA256SUMS").status())
        .isZero();
    Path home = ending(unpacked(ending(made, "x64.tar.gz"), "archive"), "x64");
    Path again = unpacked(ending(packaged(jars, "two", "no"), "x64.tar.gz"), "again");
    Call difference = call(
        directory,
        "/usr/bin:/bin",
        "diff",
        "-r",
        "--exclude=classes.jsa",
        "--exclude=*.aot",
        home.toString(),
        ending(again, "x64").toString());
    assertThat(difference.out()).as("what a second run wrote otherwise").isEmpty();
    assertThat(difference.status()).isZero();
    theCommandWorks(home, home.resolve("bin/postern"));
    assertThat(Files.readString(home.resolve("share/completions/postern.bash")))
        .contains("_complete_postern");
    assertThat(Files.readString(home.resolve("share/man/man1/postern-can.1")))
        .startsWith(".TH POSTERN-CAN 1")
        .contains(".SH OPTIONS", "\\-\\-batch=<file>");
    // A page of no command, of a line that goes on where the list of commands does.
    assertThat(home.resolve("share/man/man1/postern-.1")).doesNotExist();
    assertThat(home.resolve("LICENSE")).exists();
    theContentsAreWhatIsThere(home);

    if (Files.isExecutable(Path.of("/usr/bin/dpkg-deb"))) {
      Path root = directory.resolve("debian");
      Call unpacking = call(
          made,
          "/usr/bin:/bin",
          "dpkg-deb",
          "-x",
          ending(made, ".deb").toString(),
          root.toString());
      assertThat(unpacking.status()).as(unpacking.out()).isZero();
      theCommandWorks(root.resolve("usr/lib/postern"), root.resolve("usr/bin/postern"));
      assertThat(root.resolve("usr/share/man/man1/postern-can.1.gz")).exists();
    }
    theImageWorks(unpacked(ending(made, ".image.tar"), "layout"));
  }

  /** Each jar stands among the contents by its digest, with its licence, and with the licence's text beside it; nothing else does. */
  private void theContentsAreWhatIsThere(Path home) throws Exception {
    JsonNode components = new ObjectMapper()
        .readTree(home.resolve("share/postern.cyclonedx.json").toFile())
        .at("/components");
    Map<String, JsonNode> byDigest = new HashMap<>();
    components.forEach(each -> byDigest.put(each.at("/hashes/0/content").asText(), each));
    int jars = 0;
    for (Path jar : files(home.resolve("lib"), ".jar")) {
      String name = jar.getFileName().toString().replace(".jar", "");
      JsonNode entry = byDigest.remove(digest(jar));
      assertThat(entry).as(name).isNotNull();
      assertThat(name).contains(entry.at("/name").asText());
      if (!entry.has("licenses")) {
        // Of the tests' own jars, which this class path has beside the command's.
        assertThat(name).doesNotContainPattern(OF_THE_COMMAND);
        continue;
      }
      assertThat(home.resolve("share/licenses")
              .resolve(name)
              .resolve(name.startsWith("slf4j") ? "LICENSE.txt" : "LICENSE"))
          .isNotEmptyFile();
      jars++;
    }
    assertThat(jars).isGreaterThan(60);
    assertThat(byDigest.values())
        .allSatisfy(each -> assertThat(each.at("/name").asText()).matches("OpenJDK|teavm-.*"));
    for (Path licences : files(home.resolve("share/licenses"), "")) {
      if (licences.getFileName().toString().startsWith("z3-turnkey-")) {
        assertThat(licences.resolve("LICENSE")).content().contains("Copyright (c) Microsoft");
      }
    }
  }

  private static final Pattern OF_THE_COMMAND =
      Pattern.compile("^(jackson|netty|vertx|kubernetes-(model|client)|slf4j|z3|antlr|picocli)");

  private static List<Path> files(Path where, String ending) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private static String digest(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  /** The newest JDK among Debian's places for them. */
  private static Optional<Path> newest() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> jdks = Files.list(all)) {
      return jdks.filter(jdk -> Files.isExecutable(jdk.resolve("bin/jlink")))
          .max(Comparator.comparingInt(PackageTest::release));
    }
  }

  private static int release(Path jdk) {
    try {
      Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)")
          .matcher(Files.readString(jdk.resolve("release")));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** From Java 25 on there are two archives, which hold more than classes; jlink needs no jmods there. */
  @Test
  void ofAJdkWithCachesAllCommandsStartFromOneAndShortOnesFromTheirOwn() throws Exception {
    Optional<Path> jdk = newest();
    assumeTrue(
        jdk.isPresent() && release(jdk.get()) >= 25, "there is no JDK 25 or newer in /usr/lib/jvm");
    Path made = packaged(jdk.get().toRealPath(), jars(), "newer", "yes");
    Path home = ending(unpacked(ending(made, "x64.tar.gz"), "archive"), "x64");
    theCommandWorks(home, home.resolve("bin/postern"));

    Files.delete(home.resolve("lib/short.aot"));
    Call without = call(home, "/usr/bin:/bin", "bin/postern", "lint", "share/examples/shop");
    assertThat(without.status())
        .as("without the short commands' archive: %s", without.out())
        .isOne();
    assertThat(call(home, "/usr/bin:/bin", "bin/postern", "version").status()).isZero();
  }

  @Test
  void whatIsPackagedStartsWithTheOptionsThatTheTreeStartsWith() throws Exception {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Matcher options = Pattern.compile("options=\\((.*?)\\)\n", Pattern.DOTALL)
        .matcher(Files.readString(root.resolve("postern")));
    assertThat(options.find()).isTrue();
    assertThat(Files.readString(root.resolve("package")).replace("error%s:", "error:"))
        .contains("\"" + options.group(1).replaceAll("\\s+", " ") + "\"");
  }

  @Test
  void modulesOfAnotherPlatformThatAreNoneAreRefused() throws Exception {
    assumeTrue(Files.isDirectory(JDK.resolve("jmods")), "this JDK has no jmods");
    Call refused = call(
        Path.of("..").toAbsolutePath().normalize(),
        JDK.resolve("bin") + ":/usr/bin:/bin",
        "env",
        "POSTERN_JMODS=" + directory,
        "bash",
        "package",
        directory.resolve("none").toString(),
        directory.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out())
        .contains("POSTERN_JMODS=" + directory + " has no java.base.jmod (hint: ");
  }

  /** A JVM that is told of two collectors ends with the status of an answer that is no. */
  private void theEnvironmentMayNameAnotherCollectorAndNoPrograms(Path home, Path postern)
      throws Exception {
    for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
      Call other = call(
          home,
          "/nowhere",
          "/usr/bin/env",
          variable + "=-XX:+UseParallelGC",
          postern.toString(),
          "version");
      assertThat(other.status()).as(other.out()).isZero();
      assertThat(other.out()).containsPattern("postern .*\nJava ");
    }
  }

  /** Answers with its archives, without which such a JVM ends, and proves with Z3. */
  private void theCommandWorks(Path home, Path postern) throws Exception {
    Path launcher = home.resolve("bin/postern");
    theEnvironmentMayNameAnotherCollectorAndNoPrograms(home, postern);
    String text = Files.readString(launcher);
    String strict =
        text.replace("-Xshare:auto", "-Xshare:on").replace("AOTMode=auto", "AOTMode=on");
    assertThat(strict).isNotEqualTo(text);
    Files.writeString(launcher, strict);
    String path = onlyPrograms("readlink");
    List<String> can = new ArrayList<>(List.of(postern.toString()));
    can.addAll(List.of((QUESTION + "share/examples/shop").split(" ")));
    Call answer = call(home, path, can.toArray(String[]::new));
    assertThat(answer.status()).as(answer.out()).isZero();
    assertThat(answer.out()).startsWith(ANSWER);
    assertThat(call(home, path, postern.toString(), "can", "be", "compiled"))
        .isEqualTo(new Call(0, "it can\n"));

    List<String> prove = new ArrayList<>(
        List.of(postern.toString(), "prove", "-f", "share/examples/node/cluster.yaml"));
    prove.addAll(List.of("--iptables-save", "share/examples/node/iptables-save.txt"));
    prove.addAll(List.of("--ipset-save", "share/examples/node/ipset-save.txt"));
    Call proof = call(home, path, prove.toArray(String[]::new));
    assertThat(proof.status()).as(proof.out()).isZero();
    assertThat(proof.out()).startsWith("proved").doesNotContain("Z3 did not run");
  }

  /** As a container's runtime would: blobs by their digests, another user than root, a file system that cannot be written but for /tmp. */
  private void theImageWorks(Path layout) throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode index = json.readTree(layout.resolve("index.json").toFile());
    JsonNode manifest =
        json.readTree(blob(layout, index.at("/manifests/0/digest")).toFile());
    JsonNode config = json.readTree(blob(layout, manifest.at("/config/digest")).toFile());
    Path root = unpacked(blob(layout, manifest.at("/layers/0/digest")), "root");
    assertThat(config.at("/config/User").asText()).isEqualTo("65532:65532");
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      return;
    }
    StringBuilder words = new StringBuilder();
    config
        .at("/config/Entrypoint")
        .forEach(word -> words.append(" '").append(word.asText()).append('\''));
    String entry = words.toString().replace("-Xshare:auto", "-Xshare:on");
    Files.createDirectories(root.resolve("proc"));
    Call answer = call(
        directory,
        "/usr/sbin:/usr/bin:/sbin:/bin",
        "unshare",
        "-m",
        "sh",
        "-ec",
        "mount --bind %1$s %1$s; mount -t proc none %1$s/proc; mount -t tmpfs none %1$s/tmp; mount -o remount,ro,bind %1$s; exec chroot --userspec=%2$s %1$s %3$s"
            .formatted(
                root,
                config.at("/config/User").asText(),
                entry + " " + QUESTION + "/opt/postern/share/examples/shop"));
    assertThat(answer.status()).as(answer.out()).isZero();
    assertThat(answer.out()).startsWith(ANSWER);
  }

  private Path blob(Path layout, JsonNode digest) throws Exception {
    String name = digest.asText().replace("sha256:", "");
    Path blob = layout.resolve("blobs/sha256").resolve(name);
    assertThat(digest(blob)).isEqualTo(name);
    return blob;
  }
}
