package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.FlowVerdict.UNKNOWN;
import static dev.postern.meaning.Scene.adminNetworkPolicy;
import static dev.postern.meaning.Scene.baselineAdminNetworkPolicy;
import static dev.postern.meaning.Scene.clusterNetworkPolicy;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 19, 20, 22, 23 and 25: whom and which traffic admin policies mean. */
class AdminPeerMeaningTest {

  private static final String OVER_ALL = "priority: 1\nsubject: {namespaces: {}}\n";

  /** An AdminNetworkPolicy that denies all pods this egress. */
  private static Scene denyTo(String rule) {
    return Scene.of(adminNetworkPolicy("a", OVER_ALL + "egress: [{action: Deny, " + rule + "}]"));
  }

  private static String clusterPolicy(String rules) {
    return clusterNetworkPolicy("c", "tier: Admin\n" + OVER_ALL + rules);
  }

  @Test
  void networksThatLeaveOutNoAddressAlsoHoldPodsWithoutOne() {
    assertThat(denyTo("to: [{networks: [0.0.0.0/0, \"::/0\"]}]")
            .ask("shop/web", "ops/batch", "tcp/80"))
        .isEqualTo(DENIED);
    Scene some = denyTo("to: [{networks: [10.0.0.0/8]}]");
    assertThat(some.ask("shop/web", "ops/batch", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(some.with(Options.DEFAULT.withMissingAddress(Options.MissingAddress.ANY))
            .ask("shop/web", "ops/batch", "tcp/80"))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void onWhichNodeAPodOnTheHostNetworkRunsIsUnknownUntilAManifestSaysIt() {
    String host = """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent2, namespace: ops}
        spec: {hostNetwork: true, containers: [{name: c, image: x}]}
        ---
        """;
    String zone = adminNetworkPolicy(
        "a", OVER_ALL + "egress: [{action: Deny, to: [{nodes: {matchLabels: {zone: a}}}]}]");
    assertThat(Scene.of(host + zone).ask("shop/web", "ops/agent2", "tcp/80")).isEqualTo(UNKNOWN);
    assertThat(Scene.of(host.replace("hostNetwork", "nodeName: node-2, hostNetwork") + zone)
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(ALLOWED);
    assertThat(Scene.of(host.replace("hostNetwork", "nodeName: gone, hostNetwork") + zone)
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(UNKNOWN);
    assertThat(Scene.of(
                host + zone, networkPolicy("shop/none", "{podSelector: {}, policyTypes: [Egress]}"))
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(DENIED);
  }

  @Test
  void anUnknownNodeMayHaveAnyLabelsThatOneNodeCanHave() {
    String host = """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent2, namespace: ops}
        spec: {hostNetwork: true, containers: [{name: c, image: x}]}
        ---
        """;
    // Whatever its labels are, the empty selector matches it.
    assertThat(Scene.of(host
                + adminNetworkPolicy("a", OVER_ALL + "egress: [{action: Deny, to: [{nodes: {}}]}]"))
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(DENIED);
    // With or without the label it is denied.
    assertThat(Scene.of(host + adminNetworkPolicy("a", OVER_ALL + """
        egress:
        - {action: Deny, to: [{nodes: {matchExpressions: [{key: pool, operator: Exists}]}}]}
        - {action: Deny, to: [{nodes: {matchExpressions: [{key: pool, operator: DoesNotExist}]}}]}
        """))
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(DENIED);
    // Only a node with the first two labels and without the third is allowed.
    assertThat(Scene.of(host + adminNetworkPolicy("a", OVER_ALL + """
        egress:
        - {action: Deny, to: [{nodes: {matchLabels: {disk: ssd}}}]}
        - {action: Deny, to: [{nodes: {matchExpressions: [{key: pool, operator: DoesNotExist}]}}]}
        - {action: Allow, to: [{nodes: {matchLabels: {zone: a}}}]}
        - {action: Deny, to: [{nodes: {}}]}
        """))
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void moreKindsOfNodesThanCanBeToldApartLeaveAnUnknownNodeUnknown() {
    StringBuilder rules = new StringBuilder("egress:\n");
    for (int i = 0; i < 20; i++) {
      rules.append("- {action: Deny, to: [{nodes: {matchLabels: {l").append(i).append(": a}}}]}\n");
    }
    String host = """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent2, namespace: ops}
        spec: {hostNetwork: true, containers: [{name: c, image: x}]}
        ---
        """;
    assertThat(Scene.of(host + adminNetworkPolicy("a", OVER_ALL + rules))
            .ask("shop/web", "ops/agent2", "tcp/80"))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void aSubjectOfNamespacesMeansAllTheirPods() {
    Scene scene = Scene.of(adminNetworkPolicy("a", """
        priority: 1
        subject: {namespaces: {matchLabels: {team: sales}}}
        ingress: [{action: Deny, from: [{namespaces: {}}]}]"""));
    assertThat(scene.ask("ops/web", "shop/bare", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/bare", "ops/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void aSubjectOfPodsMeansBothSelectors() {
    Scene scene = Scene.of(adminNetworkPolicy("a", """
        priority: 1
        subject: {pods: {namespaceSelector: {matchLabels: {team: sales}}, podSelector: {matchLabels: {app: web}}}}
        ingress: [{action: Deny, from: [{namespaces: {}}]}]"""));
    assertThat(scene.ask("shop/db", "shop/web", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/db", "ops/web", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void aSubjectOfBothKindsOrNoneIsAnError() {
    assertThat(Scene.errors(adminNetworkPolicy("a", "priority: 1\nsubject: {}")))
        .isNotEmpty();
    assertThat(Scene.errors(adminNetworkPolicy("a", """
        priority: 1
        subject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}"""))).isNotEmpty();
  }

  @Test
  void podsOnTheHostNetworkAreNeverASubjectAndNeverMatchedBySelectors() {
    Scene scene = Scene.of(adminNetworkPolicy("a", OVER_ALL + """
        ingress: [{action: Deny, from: [{namespaces: {}}]}]
        egress: [{action: Deny, to: [{namespaces: {}}]}]"""));
    for (Options options :
        new Options[] {Options.DEFAULT, Options.DEFAULT.withHostNetwork(Options.HostNetwork.POD)}) {
      assertThat(scene.with(options).ask("shop/web", "ops/agent", "tcp/80")).isEqualTo(ALLOWED);
      assertThat(scene.with(options).ask("ops/agent", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
    }
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void peersOfNamespacesOrPodsNeverMatchAddressesOutside() {
    Scene scene =
        denyTo("to: [{namespaces: {}}, {pods: {namespaceSelector: {}, podSelector: {}}}]");
    assertThat(scene.ask("shop/web", "8.8.8.8", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void networksMatchAddressesOutsideAndOfPods() {
    Scene scene = denyTo("to: [{networks: [8.0.0.0/8, 10.0.0.2/32]}]");
    assertThat(scene.ask("shop/web", "8.8.8.8", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "9.9.9.9", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/80")).isEqualTo(ALLOWED);
    // Unlike ipBlock, whatever the option says.
    Scene strict = scene.with(Options.DEFAULT.withIpBlockMatchesPods(false));
    assertThat(strict.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void networksMatchEachFamilyApart() {
    Scene scene = denyTo("to: [{networks: [\"::/0\"]}]");
    assertThat(scene.ask("shop/web v6", "shop/db v6", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void nodesMatchTheirAddressesAndThePodsOnTheirHostNetwork() {
    Scene scene = denyTo("to: [{nodes: {matchLabels: {zone: b}}}]");
    assertThat(scene.ask("shop/web", "192.168.0.2", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/agent", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/bare", "192.168.0.1", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "8.8.8.8", "tcp/80")).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"networks: [10.0.0.0/8]", "nodes: {}", "domainNames: [example.com]"})
  void networksNodesAndNamesAreForEgressOnly(String peer) {
    String rule = "ingress: [{action: Allow, from: [{" + peer + "}]}]";
    assertThat(Scene.errors(adminNetworkPolicy("a", OVER_ALL + rule))).isNotEmpty();
    assertThat(Scene.errors(adminNetworkPolicy(
            "a", OVER_ALL + rule.replace("ingress", "egress").replace("from", "to"))))
        .isEmpty();
  }

  @Test
  void missingPortsAreAllTraffic() {
    Scene scene = denyTo("to: [{namespaces: {}}]");
    for (String traffic : new String[] {"tcp/1", "udp/1", "sctp/1", "icmp"}) {
      assertThat(scene.ask("shop/web", "shop/db", traffic)).isEqualTo(DENIED);
    }
  }

  @Test
  void portsRestrictToNumbersRangesAndNames() {
    Scene scene = denyTo("to: [{namespaces: {}}], ports: [{portNumber: {protocol: UDP, port: 53}},"
        + " {portRange: {protocol: TCP, start: 80, end: 82}}, {namedPort: sql}]");
    assertThat(scene.ask("shop/web", "shop/bare", "udp/53")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/53")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/82")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/83")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/5432")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "icmp")).isEqualTo(ALLOWED);
  }

  @Test
  void aNameWithoutProtocolMeansEveryProtocolThatThePodGivesIt() {
    Scene scene = denyTo("to: [{namespaces: {}}], ports: [{namedPort: dns}]");
    assertThat(scene.ask("shop/web", "ops/dns", "udp/53")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/dns", "tcp/853")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/dns", "tcp/53")).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{networks: [10.0.0.0/8]}", "{nodes: {}}"})
  void namedPortsBesideNetworksOrNodesAreAnError(String peer) {
    String rule = "egress: [{action: Deny, to: [" + peer + "], ports: [{namedPort: http}]}]";
    assertThat(Scene.errors(adminNetworkPolicy("a", OVER_ALL + rule))).singleElement();
  }

  private static final String UNKNOWN_PEER = "{serviceAccounts: {matchLabels: {trusted: \"yes\"}}}";

  @Test
  void anAllowRuleForAnUnknownPeerMatchesNothing() {
    Scene scene = Scene.of(
        adminNetworkPolicy(
            "a", OVER_ALL + "ingress: [{action: Allow, from: [" + UNKNOWN_PEER + "]}]"),
        networkPolicy("shop/deny", "podSelector: {}"));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deny", "Pass"})
  void aDenyOrPassRuleForAnUnknownPeerDeniesAll(String action) {
    Scene scene = Scene.of(adminNetworkPolicy(
        "a", OVER_ALL + "ingress: [{action: " + action + ", from: [" + UNKNOWN_PEER + "]}]"));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.8.8.8", "shop/db", "icmp")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "8.8.8.8", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void anUnknownPeerTakesNothingFromAnAllowRulesKnownPeersAndClosesAPassRuleForAll() {
    String peers = "from: [{namespaces: {matchLabels: {team: sales}}}, " + UNKNOWN_PEER + "]";
    String deny = networkPolicy("shop/deny", "podSelector: {}");
    Scene allow = Scene.of(
        adminNetworkPolicy("a", OVER_ALL + "ingress: [{action: Allow, " + peers + "}]"), deny);
    assertThat(allow.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(allow.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    Scene pass =
        Scene.of(adminNetworkPolicy("a", OVER_ALL + "ingress: [{action: Pass, " + peers + "}]"));
    assertThat(pass.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(pass.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void clusterNetworkPoliciesRestrictByProtocol() {
    Scene scene = Scene.of(clusterPolicy("""
        ingress:
        - action: Deny
          from: [{namespaces: {}}]
          protocols:
          - udp: {destinationPort: {number: 53}}
          - sctp: {destinationPort: {range: {start: 10, end: 12}}}
          - destinationNamedPort: sql"""));
    assertThat(scene.ask("shop/web", "shop/bare", "udp/53")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "udp/54")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/bare", "sctp/12")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "sctp/13")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/bare", "tcp/5432")).isEqualTo(ALLOWED);
  }

  @Test
  void aProtocolWithoutDestinationPortIsAllItsPorts() {
    Scene scene = Scene.of(clusterPolicy(
        "ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {}}]}]"));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/1")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/65535")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "udp/1")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "icmp")).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{tcp: {}, udp: {}}",
        "{tcp: {destinationPort: {number: 80}}, destinationNamedPort: http}",
        "{tcp: {destinationPort: {range: {start: 80, end: 80}}}}",
        "{tcp: {destinationPort: {range: {start: 81, end: 80}}}}",
        "{tcp: {destinationPort: {number: 0}}}",
      })
  void anEntryThatIsNotExactlyOneProtocolOrARangeThatDoesNotRiseIsAnError(String protocol) {
    String rule =
        "ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [" + protocol + "]}]";
    assertThat(Scene.errors(clusterPolicy(rule))).isNotEmpty();
  }

  @Test
  void moreThan25RulesPeersOrProtocolsAreAnError() {
    String peer = "{namespaces: {}}";
    assertThat(Scene.errors(
            clusterPolicy("ingress:\n" + ("- {action: Deny, from: [" + peer + "]}\n").repeat(25))))
        .isEmpty();
    assertThat(Scene.errors(
            clusterPolicy("ingress:\n" + ("- {action: Deny, from: [" + peer + "]}\n").repeat(26))))
        .isNotEmpty();
    assertThat(Scene.errors(
            clusterPolicy("ingress: [{action: Deny, from: [" + (peer + ",").repeat(26) + "]}]")))
        .isNotEmpty();
    assertThat(Scene.errors(clusterPolicy("ingress: [{action: Deny, from: [" + peer
            + "], protocols: [" + "{tcp: {}},".repeat(26) + "]}]")))
        .isNotEmpty();
  }

  @Test
  void theActionsOfEachKindAreItsOwn() {
    assertThat(Scene.errors(clusterPolicy("ingress: [{action: Allow, from: [{namespaces: {}}]}]")))
        .isNotEmpty();
    assertThat(Scene.errors(adminNetworkPolicy(
            "a", OVER_ALL + "ingress: [{action: Accept, from: [{namespaces: {}}]}]")))
        .isNotEmpty();
  }

  @Test
  void domainNamesAllowTheNameAndLeaveABareAddressUnknown() {
    Scene scene = Scene.of(
        adminNetworkPolicy(
            "a",
            OVER_ALL
                + "egress: [{action: Allow, to: [{domainNames: [example.com, \"*.example.org\"]}]}]"),
        baselineAdminNetworkPolicy(
            "subject: {namespaces: {}}\negress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]"));
    assertThat(scene.ask("shop/web", "name:example.com", "tcp/443")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "name:api.example.org", "tcp/443")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "name:a.b.example.org", "tcp/443")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "8.8.8.8", "tcp/443")).isEqualTo(UNKNOWN);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/443")).isEqualTo(DENIED);
  }

  @Test
  void aWildcardDoesNotMatchTheNameItself() {
    Scene scene = Scene.of(
        adminNetworkPolicy(
            "a", OVER_ALL + "egress: [{action: Allow, to: [{domainNames: [\"*.example.org\"]}]}]"),
        networkPolicy("shop/deny", "{podSelector: {}, policyTypes: [Egress]}"));
    assertThat(scene.ask("shop/web", "name:www.example.org", "tcp/443")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "name:example.org", "tcp/443")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "name:notexample.org", "tcp/443")).isEqualTo(DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deny", "Pass"})
  void domainNamesAreForAllowOnly(String action) {
    String rule = "egress: [{action: " + action + ", to: [{domainNames: [example.com]}]}]";
    assertThat(Scene.errors(adminNetworkPolicy("a", OVER_ALL + rule))).isNotEmpty();
    assertThat(Scene.errors(clusterPolicy(rule))).isNotEmpty();
  }
}
