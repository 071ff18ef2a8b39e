package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.adminNetworkPolicy;
import static dev.postern.meaning.Scene.baselineAdminNetworkPolicy;
import static dev.postern.meaning.Scene.clusterNetworkPolicy;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Tier;
import org.junit.jupiter.api.Test;

/** Lines 18, 21, 23 and 26: the order of tiers, priorities, rules and actions. */
class AdminTierMeaningTest {

  /** An AdminNetworkPolicy over all pods with these ingress rules, each {@code Action} or {@code Action port}. */
  private static String admin(String name, int priority, String... rules) {
    return adminNetworkPolicy(
        name,
        "priority: " + priority + "\nsubject: {namespaces: {}}\n"
            + ingress("Allow", "ports", rules));
  }

  private static String cluster(String name, String tier, int priority, String... rules) {
    String spec = "tier: " + tier + "\npriority: " + priority + "\nsubject: {namespaces: {}}\n";
    return clusterNetworkPolicy(name, spec + ingress("Accept", "protocols", rules));
  }

  private static String baseline(String... rules) {
    return baselineAdminNetworkPolicy(
        "subject: {namespaces: {}}\n" + ingress("Allow", "ports", rules));
  }

  private static String ingress(String allow, String field, String... rules) {
    StringBuilder text = new StringBuilder("ingress:\n");
    for (String rule : rules) {
      String[] words = rule.split(" ");
      text.append("- action: ")
          .append(words[0].equals("Allow") ? allow : words[0])
          .append("\n  from: [{namespaces: {}}]\n");
      if (words.length > 1) {
        String port = field.equals("ports")
            ? "{portNumber: {protocol: TCP, port: " + words[1] + "}}"
            : "{tcp: {destinationPort: {number: " + words[1] + "}}}";
        text.append("  ").append(field).append(": [").append(port).append("]\n");
      }
    }
    return text.toString();
  }

  private static FlowVerdict on80(String... manifests) {
    return Scene.of(manifests).ask("ops/web", "shop/db", "tcp/80");
  }

  private static final String NP_ALLOWS =
      networkPolicy("shop/allow", "podSelector: {}\ningress: [{}]");
  private static final String NP_DENIES = networkPolicy("shop/deny", "podSelector: {}");

  @Test
  void theAdminTierEndsItBeforeAnyNetworkPolicy() {
    assertThat(on80(admin("a", 1, "Deny"), NP_ALLOWS)).isEqualTo(DENIED);
    assertThat(on80(admin("a", 1, "Allow"), NP_DENIES)).isEqualTo(ALLOWED);
    assertThat(on80(cluster("c", "Admin", 1, "Deny"), NP_ALLOWS)).isEqualTo(DENIED);
    assertThat(on80(cluster("c", "Admin", 1, "Allow"), NP_DENIES)).isEqualTo(ALLOWED);
  }

  @Test
  void aNetworkPolicyThatSelectsThePodDecidesBeforeTheBaseline() {
    assertThat(on80(NP_ALLOWS, baseline("Deny"))).isEqualTo(ALLOWED);
    assertThat(on80(NP_DENIES, baseline("Allow"))).isEqualTo(DENIED);
  }

  @Test
  void theBaselineDecidesWhereNoNetworkPolicySelectsThePod() {
    String elsewhere = networkPolicy("ops/allow", "podSelector: {}\ningress: [{}]");
    assertThat(on80(elsewhere, baseline("Deny"))).isEqualTo(DENIED);
    assertThat(on80(cluster("c", "Baseline", 1, "Deny"))).isEqualTo(DENIED);
    Decision decision =
        Scene.of(baseline("Deny")).judge("ops/web", "shop/db", "tcp/80").ingress();
    assertThat(decision.tier()).contains(Tier.BASELINE);
  }

  @Test
  void aNetworkPolicyOfTheOtherDirectionLeavesTheBaselineItsSay() {
    String egressOnly =
        networkPolicy("shop/out", "podSelector: {}\npolicyTypes: [Egress]\negress: [{}]");
    assertThat(on80(egressOnly, baseline("Deny"))).isEqualTo(DENIED);
  }

  @Test
  void whatNoTierDecidesPasses() {
    assertThat(on80(admin("a", 1, "Deny 81"), baseline("Deny 82"))).isEqualTo(ALLOWED);
  }

  @Test
  void lowerPrioritiesComeFirst() {
    assertThat(on80(admin("a", 2, "Deny"), admin("b", 1, "Allow"))).isEqualTo(ALLOWED);
    assertThat(on80(admin("a", 0, "Deny"), admin("b", 1000, "Allow"))).isEqualTo(DENIED);
    assertThat(on80(cluster("c", "Admin", 9, "Deny"), admin("a", 10, "Allow"))).isEqualTo(DENIED);
    assertThat(on80(cluster("c", "Admin", 10, "Deny"), admin("a", 9, "Allow"))).isEqualTo(ALLOWED);
  }

  @Test
  void withinAPolicyTheFirstMatchingRuleCounts() {
    assertThat(on80(admin("a", 1, "Allow 80", "Deny"))).isEqualTo(ALLOWED);
    assertThat(on80(admin("a", 1, "Deny", "Allow 80"))).isEqualTo(DENIED);
    assertThat(on80(admin("a", 1, "Allow 81", "Deny"))).isEqualTo(DENIED);
  }

  @Test
  void passSkipsTheRestOfTheTier() {
    assertThat(on80(admin("a", 1, "Pass", "Deny"), admin("b", 2, "Deny"))).isEqualTo(ALLOWED);
    assertThat(on80(admin("a", 1, "Pass"), admin("b", 2, "Deny"), NP_DENIES)).isEqualTo(DENIED);
    assertThat(on80(admin("a", 1, "Pass"), admin("b", 2, "Allow"), baseline("Deny")))
        .isEqualTo(DENIED);
    assertThat(on80(cluster("c", "Admin", 1, "Pass"), admin("b", 2, "Deny"))).isEqualTo(ALLOWED);
  }

  @Test
  void eachDirectionGoesThroughTheTiersOnItsOwn() {
    String egress = adminNetworkPolicy("out", """
        priority: 1
        subject: {namespaces: {matchLabels: {team: platform}}}
        egress: [{action: Allow, to: [{namespaces: {}}]}]""");
    assertThat(on80(egress, NP_DENIES)).isEqualTo(DENIED);
    assertThat(on80(egress, networkPolicy("ops/deny", "{podSelector: {}, policyTypes: [Egress]}")))
        .isEqualTo(ALLOWED);
  }

  @Test
  void atEqualPriorityADenyIsTaken() {
    assertThat(on80(admin("a", 5, "Allow"), admin("b", 5, "Deny"))).isEqualTo(DENIED);
    assertThat(on80(admin("a", 5, "Deny"), admin("b", 5, "Allow"))).isEqualTo(DENIED);
    assertThat(on80(admin("a", 5, "Allow"), cluster("b", "Admin", 5, "Deny"))).isEqualTo(DENIED);
    assertThat(on80(cluster("a", "Baseline", 5, "Allow"), cluster("b", "Baseline", 5, "Deny")))
        .isEqualTo(DENIED);
  }

  @Test
  void equalPrioritiesThatDoNotOverlapOrAgreeAreNoConflict() {
    assertThat(on80(admin("a", 5, "Allow 80"), admin("b", 5, "Deny 81"))).isEqualTo(ALLOWED);
    assertThat(on80(admin("a", 5, "Allow"), admin("b", 5, "Allow"), NP_DENIES)).isEqualTo(ALLOWED);
  }

  @Test
  void bothPoliciesOfAConflictAreNamed() {
    Decision decision = Scene.of(admin("a", 5, "Allow"), admin("b", 5, "Deny"))
        .judge("ops/web", "shop/db", "tcp/80")
        .ingress();
    assertThat(decision.causes().stream().map(cause -> cause.policy().name())).contains("b");
  }

  @Test
  void passInTheBaselineTierSkipsTheRestOfIt() {
    assertThat(on80(cluster("a", "Baseline", 1, "Pass"), cluster("b", "Baseline", 2, "Deny")))
        .isEqualTo(ALLOWED);
    assertThat(on80(cluster("a", "Baseline", 1, "Pass"), baseline("Deny"))).isEqualTo(ALLOWED);
  }

  @Test
  void theBaselineAdminNetworkPolicyComesAfterEveryPriorityOfItsTier() {
    assertThat(on80(cluster("a", "Baseline", 1000, "Allow"), baseline("Deny"))).isEqualTo(ALLOWED);
    assertThat(on80(cluster("a", "Baseline", 1000, "Deny"), baseline("Allow"))).isEqualTo(DENIED);
  }

  @Test
  void aBaselineAdminNetworkPolicyIsNamedDefault() {
    String other = baseline("Deny").replace("{name: default}", "{name: other}");
    assertThat(Scene.errors(other)).singleElement().asString().contains("default");
  }

  @Test
  void aBaselineAdminNetworkPolicyCannotPass() {
    assertThat(Scene.errors(baseline("Pass"))).singleElement().asString().contains("Pass");
  }

  @Test
  void aPriorityOutside0To1000IsAnError() {
    assertThat(Scene.errors(admin("a", 1001, "Deny")))
        .singleElement()
        .asString()
        .contains("1001");
    assertThat(Scene.errors(admin("a", -1, "Deny"))).singleElement().asString().contains("-1");
    assertThat(Scene.errors(cluster("a", "Admin", 1001, "Deny")))
        .singleElement()
        .asString()
        .contains("1001");
  }
}
