package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PoliciesCommandTest {

  private static final String MANIFESTS = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: x}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}, podSelector: {matchLabels: {a: b}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
          ports: [{port: 80, endPort: 90}, {port: http, protocol: TCP}, {protocol: UDP}]
        - {}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: half, namespace: x}
      spec: {podSelector: {}, policyTypes: [Ingress], egress: [{}]}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: admin}
      spec:
        priority: 5
        subject: {namespaces: {matchLabels: {team: t}}}
        egress: [{action: Deny, to: [{networks: [192.0.2.0/24]}]}, {action: Pass, to: [{nodes: {}}]}]
      """;

  private static Run policies(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "policies";
    arguments[1] = "-f";
    arguments[2] = "-";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Run.withInput(MANIFESTS, arguments);
  }

  @Test
  void eachRuleIsALineThoughThereIsNoWorkload() {
    Run run = policies();
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .containsExactly(
            "POLICY | KIND | SUBJECT | DIRECTION | ACTION | PEERS | PORTS",
            "admin egress[0] | AdminNetworkPolicy | every pod in namespaces team=t | egress | deny | 192.0.2.0/24 | all traffic",
            "admin egress[1] | AdminNetworkPolicy | every pod in namespaces team=t | egress | pass | every node | all traffic",
            "x/half | NetworkPolicy | namespace x | ingress | isolate | everyone | all traffic",
            "x/half egress[0] | NetworkPolicy | namespace x | egress | nothing | everyone | all traffic",
            "x/web ingress[0] | NetworkPolicy | pods app=web in x | ingress | allow | namespace x, pods a=b in namespace other, 10.0.0.0/8 except 10.1.0.0/16 | tcp/80-90 tcp/http udp",
            "x/web ingress[1] | NetworkPolicy | pods app=web in x | ingress | allow | everyone | all traffic",
            "x/web | NetworkPolicy | pods app=web in x | egress | isolate | everyone | all traffic");
  }

  @Test
  void jsonCsvAndMarkdownSayTheSame() throws IOException {
    JsonNode rules = new ObjectMapper().readTree(policies("-o", "json").out()).get("rules");
    assertThat(rules).hasSize(7);
    assertThat(rules.get(0).get("tier").asText()).isEqualTo("Admin");
    assertThat(rules.get(0).get("priority").asInt()).isEqualTo(5);
    assertThat(rules.get(4).get("peers")).hasSize(3);
    assertThat(policies("-o", "csv").out().lines()).hasSize(8);
    assertThat(policies("-o", "md").out().lines()).hasSize(9);
  }
}
