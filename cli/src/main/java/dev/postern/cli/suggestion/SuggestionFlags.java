package dev.postern.cli.suggestion;

import dev.postern.cli.console.UserError;
import dev.postern.cluster.Workload;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyKind;
import dev.postern.suggestion.Generality;
import dev.postern.suggestion.SuggestionOptions;
import dev.postern.suggestion.SuggestionOptions.BlockBound;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say what suggested policies look like. */
public final class SuggestionFlags {

  private static final Pattern WIDTHS = Pattern.compile("/?(\\d{1,3})(?:,/?(\\d{1,3}))?");

  /** A kind, as a user writes it; the constants' names are what the option takes. */
  enum Kind {
    NetworkPolicy,
    ClusterNetworkPolicy;

    PolicyKind kind() {
      return SuggestionOptions.KINDS.stream()
          .filter(kind -> kind.kind().equals(name()))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Whom rules admit, as a user writes it. */
  enum Admitted {
    workload,
    namespace,
    cluster
  }

  /** What a policy is for, as a user writes it. */
  enum Unit {
    workload,
    namespace
  }

  /** Directions, as a user writes them. */
  enum Sides {
    ingress,
    egress,
    both
  }

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--kind",
      paramLabel = "<kind>",
      description = "The kind of policy: ${COMPLETION-CANDIDATES}; default: NetworkPolicy.")
  private Kind kind = Kind.NetworkPolicy;

  @Option(
      names = "--generalise",
      paramLabel = "<extent>",
      description = {
        "Which pods a rule admits where pods of a workload were seen: those of the workload, all of its namespace, or all of the cluster.",
        "One of ${COMPLETION-CANDIDATES}; default: workload."
      })
  private Admitted admitted = Admitted.workload;

  @Option(
      names = "--per",
      paramLabel = "<unit>",
      description = "One policy for each workload, or for each namespace; default: workload.")
  private Unit unit = Unit.workload;

  @Option(
      names = "--direction",
      paramLabel = "<side>",
      description =
          "Isolate pods for ingress, egress or both; what is not isolated stays open. Default: both.")
  private Sides sides = Sides.both;

  @Option(
      names = "--for",
      paramLabel = "<name>",
      description = {
        "Only policies for this namespace, or this namespace/workload. Repeatable.",
        "Default: all namespaces but those of the cluster itself (kube-system, kube-public, kube-node-lease, openshift-…)."
      })
  private List<String> whom = new ArrayList<>();

  private OptionalInt most = OptionalInt.empty();

  private final Map<Family, Integer> widths = new EnumMap<>(Family.class);

  @Option(
      names = "--port-numbers",
      description = "Write ports by number, also where pods name them.")
  private boolean numbers;

  @Option(
      names = "--no-dns",
      description = "Do not let pods ask the cluster's DNS unless they were seen to.")
  private boolean withoutDns;

  @Option(
      names = "--max-blocks",
      paramLabel = "<n>",
      description =
          "At most so many address blocks a rule: those that lie closest together become one, and comments say what it admits beyond what was seen. Default: exactly what was seen.")
  void setMost(int blocks) {
    if (blocks < 1) {
      throw refused("--max-blocks takes at least 1, not " + blocks);
    }
    most = OptionalInt.of(blocks);
  }

  @Option(
      names = "--widen",
      paramLabel = "<prefix>",
      description =
          "Widen every address outside to a block of this prefix length, as /24, or /24,/64 for IPv4 and IPv6.")
  void setWidths(String text) {
    Matcher words = WIDTHS.matcher(text);
    if (!words.matches()) {
      throw refused("--widen takes a prefix length, as /24 or /24,/64, not `" + text + "`");
    }
    width(Family.IPV4, Integer.parseInt(words.group(1)));
    Optional.ofNullable(words.group(2))
        .ifPresent(sixth -> width(Family.IPV6, Integer.parseInt(sixth)));
  }

  private void width(Family family, int prefix) {
    if (prefix < 1 || prefix > family.bits()) {
      throw refused(
          "--widen takes /1 to /" + family.bits() + " for " + family.word() + ", not /" + prefix);
    }
    widths.put(family, prefix);
  }

  @Option(
      names = "--default-deny",
      description =
          "Also deny every namespace in which a workload was seen what no policy allows, by a policy for all of its pods: those of which nothing was seen are cut off.")
  private boolean defaultDeny;

  private OptionalInt priority = OptionalInt.empty();

  @Option(
      names = "--priority",
      paramLabel = "<n>",
      description =
          "The priority of ClusterNetworkPolicies that accept, 0 to 998; those that deny the rest have the next, and --default-deny has 1000. Default: 500.")
  void setPriority(int wanted) {
    if (wanted < 0 || wanted > SuggestionOptions.MOST_PRIORITY) {
      throw refused("--priority takes 0 to " + SuggestionOptions.MOST_PRIORITY + ", not " + wanted);
    }
    priority = OptionalInt.of(wanted);
  }

  /**
   * What they come to.
   *
   * @throws ParameterException if two of them contradict each other
   */
  public SuggestionOptions options() {
    if (priority.isPresent() && kind != Kind.ClusterNetworkPolicy) {
      throw refused(
          "--priority is about ClusterNetworkPolicies (hint: --kind ClusterNetworkPolicy)");
    }
    if (defaultDeny && whom.stream().anyMatch(name -> name.contains("/"))) {
      throw refused("--default-deny is for whole namespaces, and --for names a workload");
    }
    return new SuggestionOptions(
        kind.kind(),
        unit == Unit.workload ? Generality.WORKLOAD : Generality.NAMESPACE,
        Generality.values()[admitted.ordinal()],
        directions(),
        new BlockBound(most, widths),
        !numbers,
        !withoutDns,
        defaultDeny,
        priority.orElse(SuggestionOptions.DEFAULT.priority()));
  }

  private Set<Direction> directions() {
    return switch (sides) {
      case ingress -> EnumSet.of(Direction.INGRESS);
      case egress -> EnumSet.of(Direction.EGRESS);
      case both -> EnumSet.allOf(Direction.class);
    };
  }

  /**
   * The workloads that policies may be suggested for.
   *
   * @param all the workloads of the manifests
   * @throws ParameterException if a name is none of theirs
   */
  public Predicate<Workload> whom(List<Workload> all) {
    for (String name : whom) {
      if (all.stream().noneMatch(workload -> isCalled(workload, name))) {
        throw refused("--for names no namespace with pods and no workload: `" + name + "`");
      }
    }
    return whom.isEmpty()
        ? workload -> !SuggestionOptions.isOfTheCluster(workload.namespace())
        : workload -> whom.stream().anyMatch(name -> isCalled(workload, name));
  }

  private static boolean isCalled(Workload workload, String name) {
    return workload.namespace().equals(name) || workload.id().equals(name);
  }

  private RuntimeException refused(String why) {
    return command == null
        ? new UserError("postern: error: " + why)
        : new ParameterException(command.commandLine(), why);
  }
}
