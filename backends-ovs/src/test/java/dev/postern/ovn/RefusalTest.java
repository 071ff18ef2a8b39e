package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import org.junit.jupiter.api.Test;

/** What OVN cannot say exactly is refused, with the limit and who meets it. */
class RefusalTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s, namespace: %s}
      spec: {nodeName: worker-1}
      status: {podIP: %s}
      ---
      """;

  private static final String DENY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: shop}
      spec: {podSelector: {}}
      """;

  private static Plan plan(String manifests) {
    return Plan.of(Manifests.read(Source.text("m.yaml", manifests)).cluster());
  }

  private static void refused(OvnOptions options, String manifests, String why) {
    assertThatThrownBy(() -> Ovn.backend(options).compile(plan(manifests), Scope.CLUSTER))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(why);
  }

  @Test
  void versionsWhoseEgressRulesSeeAPodsOwnService() {
    String pod = POD.formatted("web", "shop", "10.0.0.1") + DENY;
    refused(OvnOptions.DEFAULT.withVersion(OvnVersion.parse("22.12")), pod, "23.03 is the first");
  }

  @Test
  void tiersWhereThereAreNone() {
    String pod = POD.formatted("web", "shop", "10.0.0.1") + DENY;
    refused(OvnOptions.DEFAULT.withTier(1), pod, "OVN 23.03 has no tiers");
    refused(
        OvnOptions.DEFAULT.withVersion(OvnVersion.parse("24.03")).withTier(4),
        pod,
        "tier 4 is not in 0..3");
  }

  @Test
  void twoPodsThatWouldHaveOnePort() {
    refused(
        OvnOptions.DEFAULT.withPortName("{pod}"),
        POD.formatted("web", "shop", "10.0.0.1") + POD.formatted("web", "dev", "10.0.0.2") + DENY,
        "would both have the port `web`");
  }

  @Test
  void aPortNameWithoutThePod() {
    refused(
        OvnOptions.DEFAULT.withPortName("port"),
        POD.formatted("web", "shop", "10.0.0.1") + DENY,
        "has no {pod} in it");
  }

  @Test
  void namesThatAMatchCannotQuote() {
    refused(
        OvnOptions.DEFAULT.withPortName("\"{pod}"),
        POD.formatted("web", "shop", "10.0.0.1") + DENY,
        "is no name of a port that a match can quote");
  }

  @Test
  void theTierIsWrittenWhereItIsAskedFor() throws Refusal {
    Northbound rows = Ovn.backend(
            OvnOptions.DEFAULT.withVersion(OvnVersion.parse("23.06")).withTier(2))
        .rows(plan(POD.formatted("web", "shop", "10.0.0.1") + DENY), Scope.CLUSTER);
    assertThat(Transaction.text(Transaction.replace(rows))).contains("\"tier\":2");
    assertThat(rows.groups())
        .allSatisfy(group ->
            assertThat(group.acls()).allSatisfy(acl -> assertThat(acl.tier()).hasValue(2)));
  }
}
