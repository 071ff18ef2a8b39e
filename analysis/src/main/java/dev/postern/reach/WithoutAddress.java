package dev.postern.reach;

import dev.postern.cluster.Workload;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.MissingAddress;
import dev.postern.net.AddressSet;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a list of who reaches whom says of pods of which no address is known, where rules go by address. */
public final class WithoutAddress {

  /** So many workloads are named. */
  private static final int NAMED = 3;

  private WithoutAddress() {}

  /** One sentence, if a block that leaves out some addresses could be about any of these workloads. */
  public static Optional<String> note(
      Stream<Workload> workloads, Stream<Policy> policies, Options options) {
    boolean matters = options.missingAddress() == MissingAddress.UNMATCHED
        && policies.anyMatch(policy -> hasPartialBlock(policy, options));
    List<String> missing = !matters
        ? List.of()
        : workloads
            .filter(workload -> workload.pods().isEmpty()
                || workload.pods().stream().anyMatch(pod -> pod.addresses().isEmpty()))
            .map(Workload::id)
            .distinct()
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("no manifest says which addresses "
            + missing.stream().collect(ShortList.ofFirst(NAMED))
            + (missing.size() == 1 ? " has" : " have")
            + "; an ipBlock or networks that leaves out some addresses is taken not to hold them");
  }

  private static boolean hasPartialBlock(Policy policy, Options options) {
    return options.blocksMatchPods(policy.kind())
        && policy.rules().stream().map(PolicyRule::blocks).anyMatch(WithoutAddress::isPartial);
  }

  /** Whether blocks hold some of the addresses that pods commonly have, and not the whole family. */
  private static boolean isPartial(AddressSet blocks) {
    AddressSet whole = MissingAddress.UNMATCHED.matching(blocks);
    return !MissingAddress.PRIVATE.matching(blocks).equals(MissingAddress.PRIVATE.matching(whole));
  }
}
