package dev.postern.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.ClusterState;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InformerEventsTest {

  private static final ObjectName WEB = new ObjectName("Pod", "shop", "web");

  private ClusterState state = ClusterState.EMPTY;
  private int told;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final InformerEvents events = new InformerEvents(this::take, problems::add);

  private void take(List<ObjectEvent> happened) {
    told++;
    for (ObjectEvent event : happened) {
      state = state.after(event);
    }
  }

  /** An informer that does nothing but to hand its handler out. */
  @SuppressWarnings("unchecked")
  private static <T extends HasMetadata> SharedIndexInformer<T> informer(
      Class<T> type, List<ResourceEventHandler<T>> handlers) {
    return (SharedIndexInformer<T>) Proxy.newProxyInstance(
        SharedIndexInformer.class.getClassLoader(),
        new Class<?>[] {SharedIndexInformer.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getApiTypeClass" -> type;
          case "addEventHandler" -> {
            handlers.add((ResourceEventHandler<T>) arguments[0]);
            yield proxy;
          }
          case "hashCode" -> System.identityHashCode(proxy);
          case "equals" -> proxy == arguments[0];
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private <T extends HasMetadata> ResourceEventHandler<T> handler(Class<T> type) {
    List<ResourceEventHandler<T>> handlers = new ArrayList<>();
    events.from(informer(type, handlers));
    return handlers.get(0);
  }

  private static Pod pod(String version, String app) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web")
        .withNamespace("shop")
        .withResourceVersion(version)
        .withLabels(Map.of("app", app))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPodIP("10.0.0.1")
        .endStatus()
        .build();
  }

  private static NetworkPolicy policy(int port) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName("db")
        .withNamespace("shop")
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .endPodSelector()
        .addNewIngress()
        .addNewPort()
        .withPort(new IntOrString(port))
        .endPort()
        .endIngress()
        .endSpec()
        .build();
  }

  @Test
  void podsComeChangeAndGo() {
    ResourceEventHandler<Pod> pods = handler(Pod.class);
    pods.onAdd(pod("1", "web"));
    assertThat(state.workloadOf("shop", "web")).isPresent();

    pods.onUpdate(pod("1", "web"), pod("2", "db"));
    assertThat(state.workloadOf("shop", "web").orElseThrow().labels().get("app"))
        .hasValue("db");

    pods.onDelete(pod("2", "db"), false);
    assertThat(state).extracting(ClusterState::places).asString().isEqualTo("[]");
  }

  @Test
  void aResyncIsNoEvent() {
    ResourceEventHandler<Pod> pods = handler(Pod.class);
    pods.onAdd(pod("1", "web"));
    int before = told;

    pods.onUpdate(pod("1", "web"), pod("1", "web"));

    assertThat(told).isEqualTo(before);
  }

  @Test
  void whatIsFoundGoneWhenTheInformerListsAgainIsGone() {
    ResourceEventHandler<Pod> pods = handler(Pod.class);
    pods.onAdd(pod("1", "web"));
    pods.onList("1", false);
    // The watch was lost; the informer lists again, and all it has of the pod is how it last was.
    pods.onDelete(pod("1", "web"), true);
    pods.onList("7", true);

    assertThat(state.object(WEB)).isEmpty();
  }

  @Test
  void untilAllInformersHaveListedThereMayBeAnyPolicy() {
    ResourceEventHandler<Pod> pods = handler(Pod.class);
    ResourceEventHandler<NetworkPolicy> policies = handler(NetworkPolicy.class);
    assertThat(state.unread())
        .singleElement()
        .satisfies(unread -> assertThat(unread.matters()).isTrue());
    assertThat(events.hasSynced()).isFalse();

    policies.onAdd(policy(80));
    policies.onList("1", false);
    assertThat(state.unread()).hasSize(1);

    pods.onList("1", true);
    assertThat(state.unread()).isEmpty();
    assertThat(state.policies("shop")).hasSize(1);
    assertThat(events.hasSynced()).isTrue();
  }

  @Test
  void aPolicyWithAnErrorMayDoAnythingAndTheErrorIsTold() {
    ResourceEventHandler<NetworkPolicy> policies = handler(NetworkPolicy.class);
    policies.onAdd(policy(80));
    policies.onList("1", false);

    policies.onUpdate(policy(80), policy(70_000));

    assertThat(state.policies("shop")).isEmpty();
    assertThat(state.unread()).hasSize(1);
    assertThat(problems).singleElement().asString().contains("70000");

    policies.onDelete(policy(70_000), false);
    assertThat(state.unread()).isEmpty();
  }

  @Test
  void objectsOfAnyKindMayBeGiven() {
    List<ResourceEventHandler<GenericKubernetesResource>> handlers = new ArrayList<>();
    events.from(
        informer(GenericKubernetesResource.class, handlers), "cilium.io/v2", "CiliumNetworkPolicy");
    GenericKubernetesResource cilium = new GenericKubernetesResource();
    cilium.setApiVersion("cilium.io/v2");
    cilium.setKind("CiliumNetworkPolicy");
    cilium.setMetadata(pod("1", "web").getMetadata());
    handlers.get(0).onAdd(cilium);
    handlers.get(0).onList("1", false);

    assertThat(state.unread()).singleElement().hasToString("CiliumNetworkPolicy shop/web");

    handlers.get(0).onDelete(cilium, false);
    assertThat(state.unread()).isEmpty();
  }

  private static GenericKubernetesResource object(
      String apiVersion, String kind, Map<String, Object> rest) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(apiVersion);
    object.setKind(kind);
    ObjectMeta head = new ObjectMeta();
    head.setName("n1");
    object.setMetadata(head);
    object.setAdditionalProperties(new HashMap<>(rest));
    return object;
  }

  private static GenericKubernetesResource agent(String health) {
    return object(
        "cilium.io/v2", "CiliumNode", Map.of("spec", Map.of("health", Map.of("ipv4", health))));
  }

  private List<String> agentAddresses() {
    return state.nodes().stream()
        .flatMap(node -> node.agentAddresses().stream())
        .map(Object::toString)
        .toList();
  }

  /** Whichever of the two is told first, and also after the node itself changed. */
  @Test
  void whatCiliumsAgentsSayOfTheirNodesComesChangesAndGoes() {
    List<ResourceEventHandler<GenericKubernetesResource>> handlers = new ArrayList<>();
    events
        .from(informer(GenericKubernetesResource.class, handlers), "v1", "Node")
        .from(informer(GenericKubernetesResource.class, handlers), "cilium.io/v2", "CiliumNode");
    ResourceEventHandler<GenericKubernetesResource> nodes = handlers.get(0);
    ResourceEventHandler<GenericKubernetesResource> agents = handlers.get(1);
    GenericKubernetesResource node = object("v1", "Node", Map.of());

    agents.onAdd(agent("10.0.0.4"));
    assertThat(state.nodes()).isEmpty();
    nodes.onAdd(node);
    assertThat(agentAddresses()).containsExactly("10.0.0.4");
    agents.onUpdate(agent("10.0.0.4"), agent("10.0.0.5"));
    nodes.onUpdate(node, object("v1", "Node", Map.of("spec", Map.of("podCIDR", "10.0.0.0/24"))));
    assertThat(agentAddresses()).containsExactly("10.0.0.5");
    assertThat(ClusterState.of(state.cluster()).nodes()).isEqualTo(state.nodes());
    agents.onDelete(agent("10.0.0.5"), false);
    assertThat(agentAddresses()).isEmpty();
    assertThat(state.nodes()).hasSize(1);
    assertThat(problems).isEmpty();
  }
}
