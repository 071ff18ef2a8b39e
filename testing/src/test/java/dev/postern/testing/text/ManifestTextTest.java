package dev.postern.testing.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.shape.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ManifestTextTest {

  @Property(tries = 300)
  void yamlAndJsonSayTheSame(@ForAll Cluster cluster) throws Exception {
    assertThat(yaml(ManifestText.yaml(cluster))).isEqualTo(json(ManifestText.json(cluster)));
  }

  @ParameterizedTest
  @EnumSource
  void everyShapeCanBeWritten(Shape shape) throws Exception {
    Cluster cluster = shape.cluster(1, 0.01);
    assertThat(yaml(ManifestText.yaml(cluster))).isEqualTo(json(ManifestText.json(cluster)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on",
        "Yes",
        "null",
        "~",
        "1e3",
        "0777",
        "1_000",
        "",
        "a: b",
        "a #b",
        "-",
        "\u00e9\"\\\n",
        "2001:db8::"
      })
  void aLabelThatYamlMightTakeForSomethingElseIsQuoted(String value) {
    Namespace namespace = new Namespace("ns", Labels.NONE.with("key", value), true, Origin.NONE);
    String text = ManifestText.yaml(Cluster.of(List.of(namespace), List.of(), List.of()));
    assertThat(text).contains("key: \"");
    assertThat(yaml(text).get(0))
        .extracting("metadata")
        .extracting("labels")
        .isEqualTo(Map.of("key", value));
  }

  @Test
  void aPolicyReadsAsPeopleWriteIt() {
    Peer web = new Peer.Pods(
        new NamespaceSelection.Named("shop"), Selector.equal("app", "web"), Origin.NONE);
    Peer block =
        new Peer.IpBlock(Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")), Origin.NONE);
    Ports ports = new Ports.AnyOf(
        List.of(new Ports.Numbered(Protocol.TCP, PortSet.range(80, 90), Origin.NONE)));
    PolicyRule rule = new PolicyRule(
        Direction.INGRESS,
        0,
        "",
        Action.ALLOW,
        new Peers.AnyOf(List.of(web, block)),
        ports,
        Origin.NONE);
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        "shop",
        "db",
        Tier.NETWORK_POLICY,
        0,
        new Subject(
            new NamespaceSelection.Named("shop"),
            Selector.of(new Requirement("app", Operator.NOT_IN, List.of("a", "b")))),
        EnumSet.allOf(Direction.class),
        List.of(rule),
        List.of(),
        Origin.NONE);
    assertThat(ManifestText.yaml(policy)).isEqualTo("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: db
          namespace: shop
        spec:
          podSelector:
            matchExpressions:
            - key: app
              operator: NotIn
              values:
              - a
              - b
          policyTypes:
          - Ingress
          - Egress
          ingress:
          - from:
            - podSelector:
                matchLabels:
                  app: web
            - ipBlock:
                cidr: 10.0.0.0/8
                except:
                - 10.1.0.0/16
            ports:
            - protocol: TCP
              port: 80
              endPort: 90
        """);
  }

  @Test
  void whatNoManifestSaysIsRefused() {
    assertThatThrownBy(() -> LongStream.range(0, 100)
            .forEach(seed -> ManifestText.yaml(
                RandomCluster.of(seed, Profile.EVERYTHING.with(ClusterFeature.UNWRITABLE)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no manifest says");
  }

  private static List<Object> yaml(String text) {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(documents::add);
    return documents;
  }

  private static Object json(String text) throws Exception {
    return new ObjectMapper().readValue(text, Map.class).get("items");
  }
}
