package dev.postern.spark;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The manifests of a cluster as they travel to executors: their texts, of which each JVM makes one plan, however many tasks it runs. Equal
 * texts share it. Immutable, and safe for use by many threads.
 */
public final class ClusterManifests implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How many plans a JVM keeps. */
  private static final int KEPT = 64;

  private static final Map<String, Reachability> PLANS =
      Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Reachability> eldest) {
          return size() > KEPT;
        }
      });

  private final TreeMap<String, String> manifests;
  private final String digest;

  private ClusterManifests(Map<String, String> manifests) {
    this.manifests = new TreeMap<>(manifests);
    this.digest = digest(this.manifests);
  }

  /**
   * Manifests by name.
   *
   * @param manifests YAML or JSON by the name that messages have for it
   * @throws IllegalArgumentException if they hold an error; the message says which
   */
  public static ClusterManifests of(Map<String, String> manifests) {
    ClusterManifests snapshot = new ClusterManifests(manifests);
    snapshot.policies();
    return snapshot;
  }

  /**
   * All manifests below a path of any file system that Hadoop knows: what ends in {@code .yaml}, {@code .yml} or {@code .json}.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if there are none, or they hold an error
   */
  public static ClusterManifests read(String path, Configuration configuration) throws IOException {
    Path root = new Path(path);
    FileSystem files = root.getFileSystem(configuration);
    Map<String, String> manifests = new TreeMap<>();
    collect(files, files.getFileStatus(root), manifests);
    if (manifests.isEmpty()) {
      throw new IllegalArgumentException(path + " holds no manifests");
    }
    return of(manifests);
  }

  private static void collect(FileSystem files, FileStatus at, Map<String, String> manifests)
      throws IOException {
    if (at.isDirectory()) {
      FileStatus[] children = files.listStatus(at.getPath());
      Arrays.sort(children);
      for (FileStatus child : children) {
        collect(files, child, manifests);
      }
      return;
    }
    String name = at.getPath().getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) {
      try (InputStream in = files.open(at.getPath())) {
        manifests.put(
            at.getPath().toUri().getPath(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  /** What the manifests' policies mean; made once in a JVM. */
  public Reachability policies() {
    return PLANS.computeIfAbsent(digest, k -> Reachability.of(Plan.of(load().cluster())));
  }

  /**
   * The manifests as they are read.
   *
   * @throws IllegalArgumentException if they hold an error
   */
  Loaded load() {
    List<Source> sources = new ArrayList<>();
    manifests.forEach((name, text) -> sources.add(Source.text(name, text)));
    Loaded loaded = Manifests.read(sources, ReadOptions.DEFAULT);
    if (loaded.hasErrors()) {
      throw new IllegalArgumentException(loaded.diagnostics().stream()
          .filter(each -> each.isError())
          .map(Object::toString)
          .collect(Collectors.joining("\n")));
    }
    return loaded;
  }

  /** The texts, by name. */
  Map<String, String> texts() {
    return Collections.unmodifiableMap(manifests);
  }

  /** What tells these manifests from others: equal for equal texts of equal names. */
  public String digest() {
    return digest;
  }

  private static String digest(TreeMap<String, String> manifests) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      manifests.forEach((name, text) -> {
        for (String part : List.of(name, text)) {
          byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
          digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
          digest.update(bytes);
        }
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
