package dev.postern.suggestion;

import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What suggested policies look like, and how much more than was seen they let pass.
 *
 * @param kind one of {@link #KINDS}
 * @param subjects whether a policy is for each workload or for a whole namespace; {@link Generality#CLUSTER} is none
 * @param peers whom a rule admits where some pods were seen
 * @param directions the directions in which subjects are isolated
 * @param blocks how addresses outside become blocks
 * @param namedPorts whether ports are written by the names that pods give them
 * @param dns whether every workload that calls somebody may ask the cluster's DNS, whether or not that was seen
 * @param defaultDeny whether a namespace in which somebody was seen gets a policy that denies all of its pods what no other allows
 * @param priority of ClusterNetworkPolicies, the priority of what accepts, from 0 to {@link #MOST_PRIORITY}; what denies has the next, and
 *     what denies a whole namespace the last there is, 1000
 */
public record SuggestionOptions(
    PolicyKind kind,
    Generality subjects,
    Generality peers,
    Set<Direction> directions,
    BlockBound blocks,
    boolean namedPorts,
    boolean dns,
    boolean defaultDeny,
    int priority) {

  /** The greatest priority that leaves room for what denies. */
  public static final int MOST_PRIORITY = 998;

  /** In the middle of what there is. */
  private static final int MIDDLE = 500;

  /** The kinds of which policies are suggested. */
  public static final Set<PolicyKind> KINDS =
      Set.of(PolicyKind.NETWORK_POLICY, PolicyKind.CLUSTER_NETWORK_POLICY);

  /**
   * How addresses outside become blocks.
   *
   * @param most at most so many blocks a rule, where that is possible
   * @param widen the prefix length to which every address is widened, by family
   */
  public record BlockBound(OptionalInt most, Map<Family, Integer> widen) {

    /** Exactly the addresses that were seen. */
    public static final BlockBound EXACT = new BlockBound(OptionalInt.empty(), Map.of());

    /** @throws IllegalArgumentException if a prefix to widen to is none of its family, or 0 */
    public BlockBound {
      Map<Family, Integer> copy = new EnumMap<>(Family.class);
      copy.putAll(widen);
      copy.forEach((family, prefix) -> {
        if (prefix < 1 || prefix > family.bits()) {
          throw new IllegalArgumentException(
              "addresses of " + family.word() + " are widened to /1../" + family.bits());
        }
      });
      widen = Collections.unmodifiableMap(copy);
      if (most.isPresent() && most.getAsInt() < 1) {
        throw new IllegalArgumentException("a rule needs at least one block");
      }
    }
  }

  /** NetworkPolicies for each workload, both directions, nothing more than was seen but DNS. */
  public static final SuggestionOptions DEFAULT = new SuggestionOptions(
      PolicyKind.NETWORK_POLICY,
      Generality.WORKLOAD,
      Generality.WORKLOAD,
      EnumSet.allOf(Direction.class),
      BlockBound.EXACT,
      true,
      true,
      false,
      MIDDLE);

  /** @throws IllegalArgumentException if no such policies are suggested, for all pods of the cluster, or for no direction */
  public SuggestionOptions {
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("no policies of kind " + kind.kind() + " are suggested");
    }
    if (subjects == Generality.CLUSTER) {
      throw new IllegalArgumentException("no policy is for all pods of the cluster");
    }
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("a policy needs a direction");
    }
    if (priority < 0 || priority > MOST_PRIORITY) {
      throw new IllegalArgumentException(
          "a priority is 0 to " + MOST_PRIORITY + ", not " + priority);
    }
    directions = Collections.unmodifiableSet(EnumSet.copyOf(directions));
  }

  /** Whether a namespace holds parts of the cluster itself, which a log of some hours says too little of. */
  public static boolean isOfTheCluster(String namespace) {
    return namespace.equals("kube-system")
        || namespace.equals("kube-public")
        || namespace.equals("kube-node-lease")
        || namespace.startsWith("openshift-");
  }

  public SuggestionOptions withKind(PolicyKind other) {
    return new SuggestionOptions(
        other, subjects, peers, directions, blocks, namedPorts, dns, defaultDeny, priority);
  }

  public SuggestionOptions withSubjects(Generality other) {
    return new SuggestionOptions(
        kind, other, peers, directions, blocks, namedPorts, dns, defaultDeny, priority);
  }

  public SuggestionOptions withPeers(Generality other) {
    return new SuggestionOptions(
        kind, subjects, other, directions, blocks, namedPorts, dns, defaultDeny, priority);
  }

  public SuggestionOptions withDirections(Set<Direction> other) {
    return new SuggestionOptions(
        kind, subjects, peers, other, blocks, namedPorts, dns, defaultDeny, priority);
  }

  public SuggestionOptions withBlocks(BlockBound other) {
    return new SuggestionOptions(
        kind, subjects, peers, directions, other, namedPorts, dns, defaultDeny, priority);
  }

  public SuggestionOptions withNamedPorts(boolean other) {
    return new SuggestionOptions(
        kind, subjects, peers, directions, blocks, other, dns, defaultDeny, priority);
  }

  public SuggestionOptions withDns(boolean other) {
    return new SuggestionOptions(
        kind, subjects, peers, directions, blocks, namedPorts, other, defaultDeny, priority);
  }

  public SuggestionOptions withDefaultDeny(boolean other) {
    return new SuggestionOptions(
        kind, subjects, peers, directions, blocks, namedPorts, dns, other, priority);
  }

  public SuggestionOptions withPriority(int other) {
    return new SuggestionOptions(
        kind, subjects, peers, directions, blocks, namedPorts, dns, defaultDeny, other);
  }
}
