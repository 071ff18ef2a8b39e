package dev.postern.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.mapdump.MapDeltas;
import dev.postern.mapdump.ScriptedMaps;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of the AWS agent's maps. */
class AwsDeltaTest extends MapDeltas {

  @Override
  protected Aws backend(long seed) {
    return Aws.backend();
  }

  @Override
  protected EndJudge judge(ScriptedMaps maps, long seed) {
    AgentPrograms programs = AgentPrograms.over(maps.maps());
    return (pod, egress, peer, flow) -> {
      boolean ports = flow.protocol().hasPorts();
      int protocol = ports ? flow.protocol().number() : 47;
      int port = ports ? flow.port() : 0;
      return !programs.polices(pod, egress) || programs.passes(pod, egress, peer, protocol, port);
    };
  }

  @Override
  protected Cluster cluster(long seed) {
    return RandomCluster.of(
        seed, AwsAgreesTest.profile(Family.values()[(int) Math.floorMod(seed, 2L)]));
  }

  @Override
  protected Options options() {
    return Options.DEFAULT;
  }

  @Override
  protected List<Flow> flows(Plan plan, Random random, int number) {
    return AwsAgreesTest.flows(plan, random, number);
  }

  @Override
  protected Address address(End end) {
    return AwsAgreesTest.address(end);
  }

  @Override
  protected String refusals() {
    return "(?s).*(address family changes|has room for 24).*";
  }

  @Override
  protected boolean isForAll(String pin) {
    return false;
  }

  @Override
  protected boolean isOf(String pin, String pod) {
    return pin.startsWith(pod + "_");
  }

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.2}]}
      ---
      """;

  private static final String ALL_BUT_ONE_PORT = PODS + """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: guard}
      spec:
        priority: 1
        subject: {namespaces: {}}
        ingress: [{name: deny, action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 1000}}]}]
      """;

  private static final String ONE_PORT = PODS + """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress]
        ingress: [{ports: [{port: 80}]}]
      """;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void denialsOfClusterPoliciesStayUntilNothingIsAllowedAround(boolean narrowing) throws Refusal {
    Plan some = Plan.of(Manifests.read(Source.text("a.yaml", ALL_BUT_ONE_PORT)).cluster());
    Plan one = Plan.of(Manifests.read(Source.text("b.yaml", ONE_PORT)).cluster());
    Plan before = narrowing ? some : one;
    Plan after = narrowing ? one : some;
    ScriptedMaps maps =
        ScriptedMaps.of(Aws.backend().compile(before, Scope.CLUSTER).files());
    Address web = Address.parse("10.0.0.1");
    List<String> states = new ArrayList<>();
    maps.run(Aws.backend().delta(before, after, Scope.CLUSTER).files(), pin -> {
      AgentPrograms programs = AgentPrograms.over(maps.maps());
      states.add(pin);
      assertThat(programs.passes("shop-db", false, web, 6, 80))
          .as("tcp/80 %s", states)
          .isTrue();
      assertThat(programs.passes("shop-db", false, web, 6, 1000))
          .as("tcp/1000 %s", states)
          .isFalse();
    });
    assertThat(states).contains("shop-db_cp_ingress_map", "shop-db_ingress_map");
  }
}
