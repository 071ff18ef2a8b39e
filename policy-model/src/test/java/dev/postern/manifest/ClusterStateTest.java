package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterStateTest {

  private static final String WEB = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: web-1
        namespace: shop
        ownerReferences: [{kind: Deployment, name: web, controller: true}]
      spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-1-a
        namespace: shop
        labels: {app: web}
        ownerReferences: [{kind: ReplicaSet, name: web-1, controller: true}]
      spec: {containers: []}
      status: {podIP: 10.0.0.1}
      """;

  private static List<ClusterObject> objects(String text) {
    return Manifests.objects(List.of(Source.text("objects.yaml", text)), ReadOptions.DEFAULT)
        .objects();
  }

  @Test
  void aPodBelongsToWhatItsOwnerBelongsToInWhateverOrderTheyCome() {
    List<ClusterObject> objects = new ArrayList<>(objects(WEB));
    Collections.reverse(objects);
    ClusterState state = ClusterState.EMPTY.with(objects);

    assertThat(state.cluster().workloads()).extracting(Workload::id).containsExactly("shop/web");

    ClusterState withoutSet = state.without(new ObjectName("ReplicaSet", "shop", "web-1"));
    assertThat(withoutSet.cluster().workloads())
        .extracting(Workload::id)
        .containsExactly("shop/web", "shop/web-1");
  }

  @Test
  void theTemplateStandsForPodsThatAreGone() {
    ClusterState state =
        ClusterState.EMPTY.with(objects(WEB)).without(new ObjectName("Pod", "shop", "web-1-a"));

    assertThat(state.workloads("shop")).hasSize(1).allMatch(w -> w.pods().isEmpty());
    assertThat(state.workloadOf("shop", "web-1-a")).isEmpty();
  }

  @Test
  void aPodThatHasEndedHoldsNoAddress() {
    ClusterState state = ClusterState.EMPTY
        .with(objects(WEB))
        .with(objects(WEB.replace("podIP: 10.0.0.1", "phase: Succeeded, podIP: 10.0.0.1")));

    assertThat(state.workloadOf("shop", "web-1-a")).isEmpty();
    assertThat(state.families()).isEmpty();
  }

  @Test
  void slicesAreTheEndpointsOfTheirService() {
    String service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}
        """;
    String slice = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{port: 8080}]
        endpoints: [{addresses: [10.0.0.1]}]
        """;
    ClusterState state = ClusterState.EMPTY.with(objects(slice)).with(objects(service));

    assertThat(state.cluster().services().get(0).endpoints())
        .extracting(endpoint -> endpoint.address())
        .containsExactly(Address.parse("10.0.0.1"));
    assertThat(state
            .without(new ObjectName("EndpointSlice", "shop", "web-x"))
            .cluster()
            .services()
            .get(0)
            .endpoints())
        .isEmpty();
  }

  @Test
  void anUpdateThatIsWrongTakesThePlaceOfThePolicyAndIsReplacedByTheNext() {
    String right = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {}}
        """;
    String wrong = right.replace("podSelector: {}", "podSelector: {}, ingress: 7");
    ClusterState state = ClusterState.EMPTY.with(objects(right)).with(objects(wrong));

    assertThat(state.policies("shop")).isEmpty();
    assertThat(state.unread())
        .extracting(UnreadPolicy::toString)
        .containsExactly("NetworkPolicy shop/db");
    assertThat(state.cluster().leftOut()).hasSize(1);

    state = state.with(objects(right));
    assertThat(state.policies("shop")).hasSize(1);
    assertThat(state.unread()).isEmpty();
    assertThat(state.cluster().leftOut()).isEmpty();
  }

  @Test
  void policiesOfOtherGroupsAreOthersThoughTheyAreCalledAlike() {
    String kubernetes = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {}}
        """;
    String calico = """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {selector: all()}
        """;
    ClusterState state = ClusterState.EMPTY.with(objects(kubernetes)).with(objects(calico));

    assertThat(state.policies("shop")).hasSize(1);
    assertThat(state.unread()).hasSize(1);
  }

  @Test
  void whatIsTheSameIsShared() {
    ClusterState state = ClusterState.EMPTY.with(objects(WEB));
    ClusterObject pod = state.object(new ObjectName("Pod", "shop", "web-1-a")).orElseThrow();

    assertThat(state.with(pod)).isSameAs(state);
    assertThat(state.without(new ObjectName("Pod", "shop", "other"))).isSameAs(state);
    assertThat(state.with(objects(WEB.replace("shop", "bank"))).workloads("shop"))
        .isSameAs(state.workloads("shop"));
  }

  @Test
  void aWorkloadOfTheModelIsItsPods() {
    Cluster cluster = Manifests.read(Source.text("objects.yaml", WEB)).cluster();
    Workload web = cluster.workloads().get(0);

    assertThat(ClusterState.of(cluster).workloads("shop")).singleElement().satisfies(workload -> {
      assertThat(workload.id()).isEqualTo(web.id());
      assertThat(workload.pods()).extracting(Pod::name).containsExactly("web-1-a");
    });
  }
}
