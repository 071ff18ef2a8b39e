package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminPolicyReadingTest {

  private static Loaded load(String kind, String version, String name, String spec) {
    return Manifests.read(Source.text(
        "p.yaml",
        "apiVersion: policy.networking.k8s.io/" + version + "\nkind: " + kind
            + "\nmetadata: {name: " + name + "}\nspec:\n" + spec.indent(2)));
  }

  private static Loaded admin(String spec) {
    return load(
        "AdminNetworkPolicy", "v1alpha1", "a", "priority: 10\nsubject: {namespaces: {}}\n" + spec);
  }

  private static Loaded cluster(String spec) {
    return load(
        "ClusterNetworkPolicy",
        "v1alpha2",
        "a",
        "tier: Admin\npriority: 10\nsubject: {namespaces: {}}\n" + spec);
  }

  private static Policy only(Loaded loaded) {
    assertThat(loaded.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    return loaded.cluster().policies().get(0);
  }

  private static List<Code> codes(Loaded loaded) {
    return loaded.diagnostics().stream().map(Diagnostic::code).toList();
  }

  private static List<Peer> peers(PolicyRule rule) {
    return ((Peers.AnyOf) rule.peers()).peers();
  }

  private static List<Ports.PortMatch> ports(PolicyRule rule) {
    return ((Ports.AnyOf) rule.ports()).matches();
  }

  @Test
  void anAdminNetworkPolicyIsOrderedAndIsolatesNobody() {
    Policy policy = only(
        admin(
            "ingress: [{name: first, action: Pass, from: [{namespaces: {matchLabels: {a: b}}}]},"
                + " {action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {c: d}}}}]}]"));
    assertThat(policy.tier()).isEqualTo(Tier.ADMIN);
    assertThat(policy.priority()).isEqualTo(10);
    assertThat(policy.namespace()).isEmpty();
    assertThat(policy.isolates()).isEmpty();
    assertThat(policy.ingress())
        .extracting(PolicyRule::action)
        .containsExactly(Action.PASS, Action.DENY);
    assertThat(policy.ingress().get(0).name()).isEqualTo("first");
    assertThat(policy.ingress().get(0).ports()).isEqualTo(Ports.ALL);
    assertThat(peers(policy.ingress().get(0)).get(0))
        .isInstanceOfSatisfying(
            Peer.Pods.class,
            pods -> assertThat(pods.namespaces())
                .isEqualTo(new NamespaceSelection.Matching(Selector.equal("a", "b"))));
    assertThat(policy.ingress().get(1).field()).isEqualTo("ingress[1]");
    assertThat(policy.ingress().get(1).origin().path()).isEqualTo("spec.ingress[1]");
  }

  @Test
  void theBaselineIsLastInItsTierAndHasNoPass() {
    String spec = "subject: {namespaces: {}}\ningress: [{action: Deny, from: [{namespaces: {}}]}]";
    Policy policy = only(load("BaselineAdminNetworkPolicy", "v1alpha1", "default", spec));
    assertThat(policy.tier()).isEqualTo(Tier.BASELINE);
    assertThat(policy.priority()).isEqualTo(Policy.LAST);
    assertThat(codes(load(
            "BaselineAdminNetworkPolicy", "v1alpha1", "default", spec.replace("Deny", "Pass"))))
        .containsExactly(Code.NOT_ALLOWED);
    assertThat(codes(load("BaselineAdminNetworkPolicy", "v1alpha1", "mine", spec)))
        .containsExactly(Code.BASELINE_NAME);
    assertThat(codes(
            load("BaselineAdminNetworkPolicy", "v1alpha1", "default", "priority: 1\n" + spec)))
        .containsExactly(Code.UNKNOWN_FIELD);
  }

  @Test
  void aClusterNetworkPolicyChoosesItsTierAndAccepts() {
    String spec =
        "tier: Baseline\npriority: 0\nsubject: {pods: {podSelector: {}}}\negress: [{action: Accept, to: [{nodes: {}}]}]";
    Policy policy = only(load("ClusterNetworkPolicy", "v1alpha2", "a", spec));
    assertThat(policy.tier()).isEqualTo(Tier.BASELINE);
    assertThat(policy.priority()).isZero();
    assertThat(policy.egress().get(0).action()).isEqualTo(Action.ALLOW);
    assertThat(peers(policy.egress().get(0)).get(0)).isInstanceOf(Peer.Nodes.class);
    Diagnostic allow = load(
            "ClusterNetworkPolicy", "v1alpha2", "a", spec.replace("Accept", "Allow"))
        .diagnostics()
        .get(0);
    assertThat(allow.code()).isEqualTo(Code.NOT_ALLOWED);
    assertThat(allow.hint()).isEqualTo("write `Accept`");
    assertThat(codes(
            load("ClusterNetworkPolicy", "v1alpha2", "a", spec.replace("tier: Baseline\n", ""))))
        .containsExactly(Code.MISSING_FIELD);
    assertThat(
            codes(load("ClusterNetworkPolicy", "v1alpha2", "a", spec.replace("Baseline", "admin"))))
        .containsExactly(Code.NOT_ALLOWED);
  }

  @Test
  void portsAreNumbersRangesAndNames() {
    Policy policy = only(admin(
        "ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: 53, protocol: UDP}},"
            + " {portRange: {start: 80, end: 90}}, {namedPort: http}]}]"));
    List<Ports.PortMatch> ports = ports(policy.ingress().get(0));
    assertThat(((Ports.Numbered) ports.get(0)).protocol()).isEqualTo(Protocol.UDP);
    assertThat(((Ports.Numbered) ports.get(0)).ports()).isEqualTo(PortSet.of(53));
    assertThat(((Ports.Numbered) ports.get(1)).ports()).isEqualTo(PortSet.range(80, 90));
    assertThat(((Ports.Named) ports.get(2)).protocol()).isEqualTo(Optional.empty());
  }

  @Test
  void protocolsAreOneOfFour() {
    Loaded loaded = cluster(
        "ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{udp: {destinationPort: {number: 53}}},"
            + " {tcp: {destinationPort: {range: {start: 1, end: 9}}}}, {sctp: {}}, {destinationNamedPort: http}]}]");
    List<Ports.PortMatch> ports = ports(only(loaded).ingress().get(0));
    assertThat(((Ports.Numbered) ports.get(0)).ports()).isEqualTo(PortSet.of(53));
    assertThat(((Ports.Numbered) ports.get(1)).ports()).isEqualTo(PortSet.range(1, 9));
    assertThat(((Ports.Numbered) ports.get(2)).ports()).isEqualTo(PortSet.ALL);
    assertThat(((Ports.Numbered) ports.get(2)).protocol()).isEqualTo(Protocol.SCTP);
    assertThat(((Ports.Named) ports.get(3)).name()).isEqualTo("http");
    assertThat(codes(loaded)).containsExactly(Code.EMPTY_PROTOCOL);
  }

  @Test
  void aPeerOfANewerApiIsUnknownAndSaysWhatThatMeans() {
    Loaded deny = admin("egress: [{action: Deny, to: [{galaxies: {}}]}]");
    assertThat(peers(only(deny).egress().get(0)).get(0)).isInstanceOf(Peer.Unknown.class);
    assertThat(deny.diagnostics()).hasSize(1);
    assertThat(deny.diagnostics().get(0).message()).contains("denies everything");
    assertThat(admin("egress: [{action: Allow, to: [{galaxies: {}}]}]")
            .diagnostics()
            .get(0)
            .message())
        .contains("matches nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "egress: [{action: Deny, to: [{namespace: {}}]}] | UNKNOWN_FIELD",
        "egress: [{action: Deny, to: [{}]}] | EMPTY_PEER",
        "egress: [{action: Deny, to: [{namespaces: {}, nodes: {}}]}] | MIXED_PEER",
        "egress: [{action: Deny, to: [{namespaces: {}, galaxies: {}}]}] | MIXED_PEER",
        "ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}] | UNKNOWN_FIELD",
        "egress: [{action: Deny, to: [{networks: [10.0.0.0]}]}] | BAD_CIDR",
        "egress: [{action: Deny, to: [{networks: []}]}] | WRONG_COUNT",
        "egress: [{action: Deny, to: []}] | WRONG_COUNT",
        "egress: [{action: Deny}] | MISSING_FIELD",
        "egress: [{to: [{namespaces: {}}]}] | MISSING_FIELD",
        "egress: [{action: Reject, to: [{namespaces: {}}]}] | NOT_ALLOWED",
        "egress: [{action: Pass, to: [{domainNames: [example.com]}]}] | DOMAIN_NAME",
        "egress: [{action: Allow, to: [{domainNames: [localhost]}]}] | DOMAIN_NAME",
        "egress: [{action: Allow, to: [{domainNames: ['*']}]}] | DOMAIN_NAME",
        "egress: [{action: Allow, to: [{nodes: {}}], ports: [{namedPort: http}]}] | NAMED_PORT_PEER",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: []}] | WRONG_COUNT",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: [{}]}] | PROTOCOL_ENTRY",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: [{portNumber: {}}]}] | MISSING_FIELD",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: [{portNumber: {port: 0}}]}] | BAD_PORT",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: [{portRange: {start: 9, end: 1}}]}] | BAD_PORT_RANGE",
        "egress: [{action: Deny, to: [{namespaces: {}}], ports: [{portNumber: {port: 1}, namedPort: a}]}] | PROTOCOL_ENTRY"
      })
  void whatTheResourceDefinitionRefusesIsRefused(String rule, Code code) {
    Loaded loaded = admin(rule);
    assertThat(codes(loaded)).contains(code);
    assertThat(loaded.diagnostics()).filteredOn(Diagnostic::isError).hasSize(1);
    assertThat(loaded.cluster().policies()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{tcp: {}, udp: {}} | PROTOCOL_ENTRY",
        "{tcp: {destinationPort: {}}} | PROTOCOL_ENTRY",
        "{tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}} | PROTOCOL_ENTRY",
        "{tcp: {destinationPort: {range: {start: 5, end: 5}}}} | BAD_PORT_RANGE",
        "{tcp: {destinationPort: {number: 70000}}} | BAD_PORT",
        "{icmp: {}} | UNKNOWN_FIELD",
        "{destinationNamedPort: 'Not A Port'} | BAD_PORT"
      })
  void whatAProtocolCannotBeIsRefused(String entry, Code code) {
    Loaded loaded =
        cluster("ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [" + entry + "]}]");
    assertThat(codes(loaded)).contains(code);
    assertThat(loaded.cluster().policies()).isEmpty();
  }

  @Test
  void listsHaveTheirBounds() {
    String rule = "{action: Deny, from: [{namespaces: {}}]}";
    assertThat(only(admin("ingress: [" + (rule + ",").repeat(99) + rule + "]")).ingress())
        .hasSize(100);
    assertThat(codes(admin("ingress: [" + (rule + ",").repeat(100) + rule + "]")))
        .containsExactly(Code.WRONG_COUNT);
    assertThat(
            only(cluster("ingress: [" + (rule + ",").repeat(24) + rule + "]")).ingress())
        .hasSize(25);
    assertThat(codes(cluster("ingress: [" + (rule + ",").repeat(25) + rule + "]")))
        .containsExactly(Code.WRONG_COUNT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subject: {namespaces: {}} | MISSING_FIELD",
        "{priority: 1} | MISSING_FIELD",
        "{priority: -1, subject: {namespaces: {}}} | BAD_PRIORITY",
        "{priority: 4294967296, subject: {namespaces: {}}} | BAD_PRIORITY",
        "{priority: 1, subject: {}} | BAD_SUBJECT",
        "{priority: 1, subject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}} | BAD_SUBJECT",
        "{priority: 1, subject: {namespaces: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}} | SELECTOR_VALUES"
      })
  void prioritiesAndSubjectsAreChecked(String spec, Code code) {
    assertThat(codes(load("AdminNetworkPolicy", "v1alpha1", "a", spec))).containsExactly(code);
  }
}
