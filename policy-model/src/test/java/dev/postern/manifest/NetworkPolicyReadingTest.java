package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPolicyReadingTest {

  private static String policy(String spec) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
        + spec.indent(2);
  }

  private static Policy read(String spec) {
    Loaded loaded = Manifests.read(Source.text("p.yaml", policy(spec)));
    assertThat(loaded.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    return loaded.cluster().policies().get(0);
  }

  private static Diagnostic refuse(String spec) {
    Loaded loaded = Manifests.read(Source.text("p.yaml", policy(spec)));
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.cluster().policies()).isEmpty();
    return loaded.diagnostics().get(0);
  }

  @Test
  void aForgottenMatchLabelsIsRefusedWithThePlaceAndTheFix() {
    Diagnostic diagnostic = refuse("podSelector: { role: app }");
    assertThat(diagnostic)
        .hasToString("p.yaml:5:18: error: unknown field `role` in LabelSelector"
            + " (hint: did you mean `matchLabels: {role: app}`?) [NP111]");
    assertThat(diagnostic.origin().path()).isEqualTo("spec.podSelector.role");
  }

  @Test
  void whatIsInsideAMisspeltFieldIsJudgedAsWhatWasMeant() {
    Loaded loaded = Manifests.read(Source.text(
        "p.yaml", policy("podSelector: {}\ningres: [{form: [{podSelector: {role: app}}]}]")));
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::hint)
        .containsExactly(
            "did you mean `ingress`?",
            "did you mean `from`?",
            "did you mean `matchLabels: {role: app}`?");
  }

  @Test
  void withoutPolicyTypesAPolicyIsAboutIngressAndAboutEgressIfItHasARule() {
    assertThat(read("podSelector: {}").isolates()).containsExactly(Direction.INGRESS);
    assertThat(read("podSelector: {}\negress: []").isolates()).containsExactly(Direction.INGRESS);
    assertThat(read("podSelector: {}\npolicyTypes: []\negress: [{}]").isolates())
        .containsExactlyInAnyOrder(Direction.INGRESS, Direction.EGRESS);
    assertThat(read("podSelector: {}\npolicyTypes: [Egress]\ningress: [{}]").isolates())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void missingOrEmptyPeersAndPortsAreEveryoneAndAllTraffic() {
    for (String rule : new String[] {"{}", "{from: [], ports: []}", "{from: null, ports: null}"}) {
      Policy policy = read("podSelector: {}\ningress: [" + rule + "]");
      assertThat(policy.ingress()).hasSize(1);
      assertThat(policy.ingress().get(0).peers()).isEqualTo(Peers.EVERYONE);
      assertThat(policy.ingress().get(0).ports()).isEqualTo(Ports.ALL);
    }
    assertThat(read("podSelector: {}\ningress: []").ingress()).isEmpty();
  }

  @Test
  void aPolicyWithoutASpecDeniesAllAndIsWarnedAbout() {
    Loaded loaded = Manifests.read(Source.text(
        "p.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n"));
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(Code.NO_POD_SELECTOR);
    assertThat(loaded.cluster().policies().get(0).isolates()).containsExactly(Direction.INGRESS);
    assertThat(loaded.cluster().policies().get(0).subject().pods()).isEqualTo(Selector.EVERYTHING);
  }

  @Test
  void aSelectorThatIsNullIsSaidOnceWithWhatItMeans() {
    Loaded loaded = Manifests.read(
        Source.text(
            "p.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector:\n"));
    assertThat(loaded.diagnostics())
        .extracting(Diagnostic::code, Diagnostic::message)
        .containsExactly(
            tuple(
                Code.NULL_FIELD,
                "`podSelector` is null, which the API server reads as if it were missing: every pod of the namespace is selected; write `{}` for an empty one"));
    assertThat(loaded.cluster().policies().get(0).subject().pods()).isEqualTo(Selector.EVERYTHING);
  }

  @Test
  void anEmptyPeerIsRefused() {
    assertThat(refuse("podSelector: {}\ningress: [{from: [{}]}]").code())
        .isEqualTo(Code.EMPTY_PEER);
  }

  @Test
  void aPodSelectorAloneMeansTheOwnNamespace() {
    Policy policy = read(
        "podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: a}}}, "
            + "{namespaceSelector: {}}, {podSelector: {}, namespaceSelector: {matchLabels: {team: b}}}]}]");
    Peers.AnyOf peers = (Peers.AnyOf) policy.ingress().get(0).peers();
    assertThat(peers.peers())
        .extracting(peer -> ((Peer.Pods) peer).namespaces())
        .containsExactly(
            new NamespaceSelection.Named("shop"),
            NamespaceSelection.ALL,
            new NamespaceSelection.Matching(Selector.equal("team", "b")));
  }

  @Test
  void portsAreNumbersRangesOrNamesAndTcpIfNothingElseIsSaid() {
    Policy policy =
        read("podSelector: {}\ningress:\n- ports:\n  - {port: 80}\n  - {protocol: UDP}\n"
            + "  - {port: 1_000, endPort: 2000.0, protocol: SCTP}\n  - {port: web}");
    Ports.AnyOf ports = (Ports.AnyOf) policy.ingress().get(0).ports();
    assertThat(ports.matches()).extracting(Object::getClass).hasSize(4);
    Ports.Numbered first = (Ports.Numbered) ports.matches().get(0);
    assertThat(first.protocol()).isEqualTo(Protocol.TCP);
    assertThat(first.ports()).isEqualTo(PortSet.of(80));
    assertThat(((Ports.Numbered) ports.matches().get(1)).ports()).isEqualTo(PortSet.ALL);
    assertThat(((Ports.Numbered) ports.matches().get(2)).ports())
        .isEqualTo(PortSet.range(1000, 2000));
    assertThat(ports.matches().get(3)).isInstanceOfSatisfying(Ports.Named.class, named -> {
      assertThat(named.name()).isEqualTo("web");
      assertThat(named.protocol()).isEqualTo(Optional.of(Protocol.TCP));
    });
  }

  @Test
  void anchorsMergesAndTagsAreReadAsYamlSays() {
    Policy policy = read(
        "podSelector: &all {matchLabels: &l {app: !!str 80}}\ningress:\n- from:\n  - podSelector: *all\n"
            + "  - podSelector: {matchLabels: {<<: *l, tier: a}}\n  - podSelector: {matchLabels: {<<: [*l, {app: b, x: c}]}}\n"
            + "  ports: [{port: !!int '81'}]");
    List<Peer> peers = ((Peers.AnyOf) policy.ingress().get(0).peers()).peers();
    assertThat(peers)
        .extracting(peer -> ((Peer.Pods) peer).pods().toString())
        .containsExactly("app=80", "app=80,tier=a", "app=80,x=c");
    assertThat(((Ports.AnyOf) policy.ingress().get(0).ports()).matches())
        .first()
        .isInstanceOfSatisfying(
            Ports.Numbered.class, port -> assertThat(port.ports()).isEqualTo(PortSet.of(81)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "policyTypes: [Ingress, Egress, Ingress] | WRONG_COUNT",
        "policyTypes: [ingress] | NOT_ALLOWED",
        "policyTypes: [''] | NOT_ALLOWED",
        "ingress: [{from: [{ipBlock: {cidr: '::ffff:10.0.0.0/104'}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: '::ffff:10.0.0.0/90'}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/08}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.1/16]}}]}] | BAD_CIDR",
        "ingress: {} | WRONG_TYPE",
        "ingress: [{ports: [{port: 0}]}] | BAD_PORT",
        "ingress: [{ports: [{port: 65536}]}] | BAD_PORT",
        "ingress: [{ports: [{port: -a}]}] | BAD_PORT",
        "ingress: [{ports: [{port: a--b}]}] | BAD_PORT",
        "ingress: [{ports: [{port: averyveryverylongname}]}] | BAD_PORT",
        "ingress: [{ports: [{port: 80.5}]}] | WRONG_TYPE",
        "ingress: [{ports: [{endPort: 80}]}] | BAD_PORT_RANGE",
        "ingress: [{ports: [{port: http, endPort: 80}]}] | BAD_PORT_RANGE",
        "ingress: [{ports: [{port: 80, endPort: '90'}]}] | WRONG_TYPE",
        "ingress: [{ports: [{protocol: ICMP}]}] | NOT_ALLOWED",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: 010.0.0.0/8}}]}] | BAD_CIDR",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}] | EXCEPT_OUTSIDE",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ['fd00::/16']}}]}] | EXCEPT_OUTSIDE",
        "ingress: [{from: [{ipBlock: {}}]}] | MISSING_FIELD",
        "ingress: [{from: [{namespaceSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}] | MIXED_PEER",
        "ingress: [{from: [{namespaceSelector: {team: a}}]}] | UNKNOWN_FIELD",
        "ingress: [{to: [{podSelector: {}}]}] | UNKNOWN_FIELD",
        "ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}]}] | NOT_ALLOWED",
        "ingress: [{from: [{podSelector: {matchExpressions: [{operator: Exists}]}}]}] | MISSING_FIELD",
        "ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]}] | SELECTOR_VALUES",
        "ingress: [{from: [{podSelector: {matchLabels: {'a b': c}}}]}] | BAD_LABEL",
        "ingress: [{from: [{podSelector: {matchLabels: [a]}}]}] | WRONG_TYPE"
      })
  void whatTheApiServerRefusesIsRefused(String rules, Code code) {
    assertThat(refuse("podSelector: {}\n" + rules).code()).isEqualTo(code);
  }

  @Test
  void aDocumentWithAnErrorIsLeftOutAndTheOthersAreUsed() {
    String text = policy("podSelecto: {}") + "---\n"
        + policy("podSelector: {}").replace("name: p", "name: q");
    Loaded loaded = Manifests.read(Source.text("p.yaml", text));
    assertThat(loaded.cluster().policies()).extracting(Policy::name).containsExactly("q");
    assertThat(loaded.diagnostics()).extracting(Diagnostic::code).contains(Code.UNKNOWN_FIELD);
    assertThat(loaded.diagnostics().get(0).hint()).isEqualTo("did you mean `podSelector`?");
  }

  private static Loaded withNull(String spec) {
    return Manifests.read(Source.text(
        "p.yaml",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n  podSelector: {}\n  "
            + spec + "\n"));
  }

  @Test
  void aNullItemIsAnEmptyOneAsTheApiServerReadsIt() {
    Loaded rule = withNull("ingress: [null]");
    assertThat(rule.diagnostics()).extracting(Diagnostic::code).containsExactly(Code.NULL_FIELD);
    assertThat(rule.cluster().policies().get(0).ingress()).singleElement().satisfies(each -> {
      assertThat(each.peers()).isEqualTo(Peers.EVERYONE);
      assertThat(each.ports()).isEqualTo(Ports.ALL);
    });

    Loaded port = withNull("ingress: [{ports: [null]}]");
    assertThat(port.hasErrors()).isFalse();
    Ports.AnyOf ports =
        (Ports.AnyOf) port.cluster().policies().get(0).ingress().get(0).ports();
    assertThat(ports.matches())
        .singleElement()
        .isInstanceOfSatisfying(Ports.Numbered.class, each -> {
          assertThat(each.protocol()).isEqualTo(Protocol.TCP);
          assertThat(each.ports()).isEqualTo(PortSet.ALL);
        });

    Loaded value = withNull(
        "ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [null]}]}}]}]");
    assertThat(value.hasErrors()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "policyTypes: [null] | NOT_ALLOWED",
        "ingress: [{from: [null]}] | EMPTY_PEER",
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [null]}}]}] | BAD_CIDR",
        "ingress: [{from: [{podSelector: {matchExpressions: [null]}}]}] | MISSING_FIELD"
      })
  void aNullItemIsRefusedWhereAnEmptyOneIs(String spec, String code) {
    assertThat(withNull(spec).diagnostics().stream().filter(Diagnostic::isError))
        .extracting(problem -> problem.code().name())
        .containsExactly(code);
  }
}
