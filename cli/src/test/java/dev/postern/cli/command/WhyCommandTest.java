package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyCommandTest {

  private static Run why(String question, String... options) {
    List<String> arguments = new ArrayList<>(List.of("why"));
    arguments.addAll(List.of(question.split(" ")));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-f", "../examples/shop"));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void aDenialNamesWhoIsolatesWhatCameClosestAndTheChangeThatWouldAllowIt() {
    Run run = why("can shop/frontend reach shop/db on 5433");

    assertThat(run.out()).isEqualTo("""
            denied: can shop/frontend reach shop/db on 5433

            shop/frontend -> shop/db on tcp/5433 does not pass:
              egress of shop/frontend: denied, tier NetworkPolicy
                isolated by shop/allow-dns (../examples/shop/dns.yaml:2:1)
                isolated by shop/allow-frontend (../examples/shop/frontend.yaml:39:1)
                isolated by shop/default-deny (../examples/shop/default-deny.yaml:2:1)
                not allowed by shop/allow-dns egress[0] (../examples/shop/dns.yaml:11:7): to[0] selects pods of namespace kube-system, shop/db is in shop
                not allowed by shop/allow-frontend egress[0] (../examples/shop/frontend.yaml:53:7): to[0] needs app=cart, shop/db has app=db
                not allowed by shop/allow-frontend egress[1] (../examples/shop/frontend.yaml:59:7): ports has `postgres` (tcp/5432 on shop/db), not tcp/5433
              ingress of shop/db: denied, tier NetworkPolicy
                isolated by shop/allow-frontend-to-db (../examples/shop/db.yaml:41:1)
                isolated by shop/allow-monitoring (../examples/shop/monitoring.yaml:2:1)
                isolated by shop/default-deny (../examples/shop/default-deny.yaml:2:1)
                not allowed by shop/allow-frontend-to-db ingress[0] (../examples/shop/db.yaml:52:7): ports has `postgres` (tcp/5432 on shop/db), not tcp/5433
                not allowed by shop/allow-monitoring ingress[0] (../examples/shop/monitoring.yaml:11:7): from[0] selects pods of namespace monitoring, shop/frontend is in shop
              to allow it:
                add `{port: 5433}` to `ports` of shop/allow-frontend egress[1] (../examples/shop/frontend.yaml:59:7)
                add `{port: 5433}` to `ports` of shop/allow-frontend-to-db ingress[0] (../examples/shop/db.yaml:52:7)
                  which opens nothing else
              or:
                add `{port: 5433}` to `ports` of shop/allow-frontend egress[1] (../examples/shop/frontend.yaml:59:7)
                add `{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [{port: 5433}]}` to `ingress` of shop/allow-frontend-to-db (../examples/shop/db.yaml:41:1)
                  which opens nothing else
              or:
                add `{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5433}]}` to `egress` of shop/allow-frontend (../examples/shop/frontend.yaml:39:1)
                add `{port: 5433}` to `ports` of shop/allow-frontend-to-db ingress[0] (../examples/shop/db.yaml:52:7)
                  which opens nothing else
              … or 1 other set of steps (-o json has all)
            """);
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aYesSaysWhatWouldMakeItANo() {
    assertThat(why("shop/frontend reach shop/db on 5432").out())
        .contains(
            "allowed by shop/allow-frontend egress[1]",
            "to deny it:\n    remove shop/allow-frontend-to-db ingress[0]");
  }

  @Test
  void aPolicyThatWouldAllowItButSelectsOthersIsNamed() {
    assertThat(why("shop/cart reach shop/db on 5432").out())
        .contains(
            "would be allowed by shop/allow-frontend egress[1]",
            "but its podSelector needs app=frontend, shop/cart has app=cart");
  }

  @Test
  void anExceptIsNamed() {
    assertThat(why("shop/payments reach 203.0.113.200 on 443").out())
        .contains("to[0] leaves out 203.0.113.128/25, 203.0.113.200 is in it");
  }

  @Test
  void aListIsExplainedEntryByEntry() {
    assertThat(why("who can reach shop/db").out())
        .contains(
            "monitoring/prometheus -> shop/db on tcp/9090 passes:",
            "shop/frontend -> shop/db on tcp/5432 passes:");
  }

  @Test
  void jsonHasTheAnswerAndTheFlowsBehindIt() throws IOException {
    JsonNode json = new ObjectMapper()
        .readTree(why("can shop/cart reach shop/db on 5432", "-o", "json").out());

    assertThat(json.get("verdict").asText()).isEqualTo("denied");
    JsonNode flow = json.get("flows").get(0);
    assertThat(flow.get("src").asText()).isEqualTo("shop/cart");
    assertThat(flow.get("ingress").get("candidates").get(0).get("policy").asText())
        .isEqualTo("shop/allow-frontend-to-db");
    assertThat(flow.get("change").get("steps")).hasSize(2);
    assertThat(flow.get("changes").get(0)).isEqualTo(flow.get("change"));
    assertThat(flow.get("changes")).hasSizeGreaterThan(1);
    assertThat(flow.get("moreChanges").asBoolean()).isFalse();
  }

  @Test
  void whatCanNeverBeIsBlockedByTheSetsOfPoliciesThatAreNamed() throws IOException {
    Run run = why("--open any pod in namespace monitoring reach shop/db on 5432");

    assertThat(run.out()).isEqualTo("""
            never: no pod that is here or could come, whatever its labels
              blocked, whatever the others allow, by each of
                NetworkPolicy shop/allow-frontend-to-db (../examples/shop/db.yaml:41:1)
                NetworkPolicy shop/allow-monitoring (../examples/shop/monitoring.yaml:2:1)
                NetworkPolicy shop/default-deny (../examples/shop/default-deny.yaml:2:1)
              would be possible if nothing were denied any more by
                NetworkPolicy shop/allow-frontend-to-db (../examples/shop/db.yaml:41:1) and NetworkPolicy shop/allow-monitoring (../examples/shop/monitoring.yaml:2:1) and NetworkPolicy shop/default-deny (../examples/shop/default-deny.yaml:2:1)
                then for example a pod in namespace monitoring with no labels -> shop/db on tcp/5432
            """);
    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    JsonNode json = new ObjectMapper()
        .readTree(why("--open any pod in namespace monitoring reach shop/db on 5432", "-o", "json")
            .out());
    assertThat(json.get("blocking")).hasSize(3);
    assertThat(json.get("openings").get(0).get("policies")).hasSize(3);
    assertThat(json.get("complete").asBoolean()).isTrue();
  }

  @Test
  void whatCouldBeIsShownAsByCan() {
    Run run = why("--open any pod in namespace shop reach shop/db on 5432");

    assertThat(run.out()).startsWith("possible: ");
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
  }

  private static final String IMPLICIT = """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: s, labels: {app: a}}
      spec: {containers: [{name: c, image: x}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b, namespace: s, labels: {app: b}}
      spec: {containers: [{name: c, image: x}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: out, namespace: s}
      spec:
        podSelector: {matchLabels: {app: a}}
        egress:
        - ports: [{port: 80}]
      """;

  @Test
  void toRemoveTheOnlyEgressRuleIsNoWayToDenyUnlessPolicyTypesIsWrittenOutFirst() {
    Run run = Run.withInput(IMPLICIT, "why", "s/a", "reach", "s/b", "on", "80", "-f", "-");

    assertThat(run.out())
        .doesNotContain("remove s/out egress[0]")
        .contains(
            "write `policyTypes: [Ingress, Egress]` into s/out (<stdin>:11:1), and only then remove its egress[0]");
  }

  @Test
  void everyAdviceSaysWhatElseItOpensAndCloses() {
    Run denial = Run.withInput(IMPLICIT, "why", "s/a", "reach", "s/b", "on", "81", "-f", "-");
    assertThat(denial.out()).contains("which opens nothing else");

    Run allowed = Run.withInput(IMPLICIT, "why", "s/a", "reach", "s/b", "on", "80", "-f", "-");
    assertThat(allowed.out()).contains("which closes s/a -> ", "and opens nothing");

    Run json =
        Run.withInput(IMPLICIT, "why", "s/a", "reach", "s/b", "on", "81", "-f", "-", "-o", "json");
    assertThat(json.out())
        .contains("\"opens\" : [\n            \"s/a -> s/b on tcp/81\"\n")
        .contains("\"closes\" : [ ]");
  }

  @Test
  void whatTurnsOneFamilyAloneIsNoAdvice() {
    Run run = Run.withInput("""
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: s, labels: {app: a}}
        spec: {containers: [{name: c, image: x}]}
        status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: s, labels: {app: b}}
        spec: {containers: [{name: c, image: x}]}
        status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in, namespace: s}
        spec:
          podSelector: {matchLabels: {app: b}}
          ingress:
          - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
          - from: [{ipBlock: {cidr: "fd00::/8"}}]
        """, "why", "s/a", "reach", "s/b", "on", "80", "-f", "-");

    assertThat(run.out())
        .contains(
            "  or:\n    remove s/in ingress[0] (<stdin>:19:5)\n    remove s/in ingress[1] (<stdin>:20:5)\n");
  }
}
