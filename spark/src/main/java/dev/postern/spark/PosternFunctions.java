package dev.postern.spark;

import dev.postern.answer.Reason;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.replay.FlowJudge;
import dev.postern.replay.Replay.ReplayRow;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * SQL functions that judge a flow by a cluster's policies. Each takes a source and a destination ({@code namespace/pod},
 * {@code namespace/workload} or an address), a protocol by name or number, and the destination port; each is null if one of them is, or is
 * not what it must be.
 *
 * <ul>
 *   <li>{@code postern_verdict}: {@code allowed}, {@code denied} or {@code unknown}
 *   <li>{@code postern_reason}: the rules that decide with their places, or why it is unknown
 *   <li>{@code postern_edge}: {@code shop/cart -> shop/db tcp/5432}, in the cluster's workloads
 * </ul>
 */
public final class PosternFunctions {

  private PosternFunctions() {}

  /** Registers the functions; the manifests are broadcast once, and each executor makes one plan of them. */
  public static void register(SparkSession spark, ClusterManifests cluster) {
    Broadcast<ClusterManifests> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(cluster);
    register(spark, "postern_verdict", shared, PosternFunctions::verdict);
    register(spark, "postern_reason", shared, PosternFunctions::reason);
    register(spark, "postern_edge", shared, PosternFunctions::edge);
  }

  /** What a function says of a judged flow. */
  @FunctionalInterface
  private interface Said extends java.io.Serializable {
    String of(ReplayRow row);
  }

  private static void register(
      SparkSession spark, String name, Broadcast<ClusterManifests> shared, Said said) {
    UDF4<Object, Object, Object, Object, @Nullable String> function =
        (source, destination, protocol, port) -> judged(
                shared.value(), source, destination, protocol, port)
            .map(said::of)
            .orElse(null);
    spark.udf().register(name, function, DataTypes.StringType);
  }

  private static final ThreadLocal<Map<String, FlowJudge>> JUDGES =
      ThreadLocal.withInitial(HashMap::new);

  private static Optional<ReplayRow> judged(
      ClusterManifests cluster,
      @Nullable Object source,
      @Nullable Object destination,
      @Nullable Object protocol,
      @Nullable Object port) {
    if (source == null || destination == null || protocol == null) {
      return Optional.empty();
    }
    Optional<Protocol> known = protocol(protocol.toString());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    int number = 0;
    if (known.get().hasPorts()) {
      try {
        number = port == null ? 0 : Integer.parseInt(port.toString());
      } catch (NumberFormatException none) {
        number = 0;
      }
      if (number < 1 || number > 65535) {
        return Optional.empty();
      }
    }
    FlowJudge judge =
        JUDGES.get().computeIfAbsent(cluster.digest(), k -> new FlowJudge(cluster.policies()));
    return Optional.of(
        judge.judge(end(source.toString()), end(destination.toString()), known.get(), number));
  }

  private static Optional<Protocol> protocol(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "tcp", "6" -> Optional.of(Protocol.TCP);
      case "udp", "17" -> Optional.of(Protocol.UDP);
      case "sctp", "132" -> Optional.of(Protocol.SCTP);
      case "" -> Optional.empty();
      default -> Optional.of(Protocol.OTHER);
    };
  }

  private static FlowEnd end(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      String name = text.substring(slash + 1);
      return new FlowEnd(
          text.substring(0, slash), name, List.of(new Owner(name, "")), Optional.empty());
    }
    try {
      return FlowEnd.at(Address.parse(text));
    } catch (IllegalArgumentException none) {
      return FlowEnd.called(text);
    }
  }

  private static String verdict(ReplayRow row) {
    return switch (row.fate()) {
      case SAME -> "allowed";
      case BREAKS -> "denied";
      default -> "unknown";
    };
  }

  private static String reason(ReplayRow row) {
    return row.reason().isEmpty()
        ? row.judgement()
            .map(judgement -> Reason.of(judgement).stream()
                .map(Reason::toString)
                .collect(Collectors.joining("; ")))
            .filter(text -> !text.isEmpty())
            .orElse("no policy applies")
        : row.reason();
  }

  private static String edge(ReplayRow row) {
    return row.source() + " -> " + row.destination() + " " + row.protocol().word()
        + (row.port() == 0 ? "" : "/" + row.port());
  }
}
