package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.Protocol;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How objects find each other: pods their owners, endpoints their Services, routes their ports. */
class AssemblyTest {

  private static Cluster read(String... documents) {
    Loaded loaded = Manifests.read(Source.text("x.yaml", String.join("---\n", documents)));
    assertThat(loaded.diagnostics()).isEmpty();
    return loaded.cluster();
  }

  private static String pod(String name, String labels, String owner, String more) {
    return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n  labels: " + labels + "\n"
        + (owner.isEmpty() ? "" : "  ownerReferences: [" + owner + "]\n")
        + "spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}\n" + more;
  }

  private static String owner(String kind, String name) {
    return "{kind: " + kind + ", name: " + name + ", controller: true}";
  }

  private static String template(String kind, String name, String spec, String metadata) {
    String version = kind.equals("Job") || kind.equals("CronJob") ? "batch/v1" : "apps/v1";
    return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: " + name + metadata
        + "}\nspec: {" + spec
        + "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}}\n";
  }

  private static List<String> ids(Cluster cluster) {
    return cluster.workloads().stream().map(w -> w.kind() + " " + w.name()).toList();
  }

  @Test
  void podsOfADeploymentAreOneEndpointThroughTheirReplicaSet() {
    Cluster cluster = read(
        pod("web-1-a", "{app: a}", owner("ReplicaSet", "web-1"), ""),
        pod("web-1-b", "{app: a}", owner("ReplicaSet", "web-1"), ""),
        template(
            "ReplicaSet", "web-1", "", ", ownerReferences: [" + owner("Deployment", "web") + "]"),
        template("Deployment", "web", "", ""));
    assertThat(ids(cluster)).containsExactly("Deployment web");
    Workload web = cluster.workloads().get(0);
    assertThat(web.pods()).extracting(Pod::name).containsExactly("web-1-a", "web-1-b");
    assertThat(web.origin().line()).isGreaterThan(20);
  }

  @Test
  void theReplicaSetGivesTheNameWhereItIsAllThatADumpShows() {
    Cluster cluster = read(
        pod("web-1-a", "{app: a}", owner("ReplicaSet", "web-1"), ""),
        pod("web-1-b", "{app: a}", owner("ReplicaSet", "web-1"), ""));
    assertThat(ids(cluster)).containsExactly("ReplicaSet web-1");
  }

  @Test
  void podsThatDifferAreEndpointsOfTheirOwn() {
    Cluster cluster = read(
        pod("db-0", "{app: a, pod: db-0}", owner("StatefulSet", "db"), ""),
        pod("db-1", "{app: a, pod: db-1}", owner("StatefulSet", "db"), ""),
        template("StatefulSet", "db", "", ""));
    assertThat(ids(cluster)).containsExactly("StatefulSet db[db-0]", "StatefulSet db[db-1]");
  }

  @Test
  void templatesWithoutPodsAreEndpointsWithoutAddresses() {
    Cluster cluster =
        read(template("Deployment", "web", "replicas: 0, ", ""), template("Job", "once", "", ""));
    assertThat(ids(cluster)).containsExactly("Job once", "Deployment web");
    assertThat(cluster.workloads())
        .allMatch(w -> w.pods().isEmpty() && w.labels().get("app").isPresent());
  }

  @Test
  void oldReplicaSetsOfADeploymentAreNoEndpoints() {
    String of = ", ownerReferences: [" + owner("Deployment", "web") + "]";
    assertThat(ids(read(
            template("ReplicaSet", "web-1", "replicas: 0, ", of),
            template("ReplicaSet", "web-2", "replicas: 2, ", of))))
        .containsExactly("Deployment web");
    assertThat(ids(read(template("ReplicaSet", "web-1", "replicas: 0, ", of)))).isEmpty();
  }

  @Test
  void objectsWithGeneratedNamesAreDifferentObjects() {
    String job = template("Job", "x", "", "").replace("{name: x}", "{generateName: import-}");
    assertThat(ids(read(job, job))).containsExactly("Job import-1", "Job import-2");
  }

  @Test
  void finishedPodsAreLeftOutAndCounted() {
    Loaded loaded = Manifests.read(Source.text(
        "x.yaml",
        pod("a", "{}", "", "status: {phase: Succeeded, podIP: 10.0.0.1}\n") + "---\n"
            + pod("b", "{}", "", "status: {phase: Failed}\n") + "---\n"
            + pod("c", "{}", "", "status: {phase: Running}\n")));
    assertThat(loaded.podsLeftOut()).isEqualTo(2);
    assertThat(ids(loaded.cluster())).containsExactly("Pod c");
  }

  @Test
  void onlyAControllingOwnerCountsAndANodeIsNone() {
    Cluster cluster = read(
        pod("a", "{}", "{kind: Gadget, name: g}", ""),
        pod("etcd-node-1", "{}", owner("Node", "node-1"), ""));
    assertThat(ids(cluster)).containsExactly("Pod a", "Pod etcd-node-1");
  }

  @Test
  void ownersInACircleComeToAnEnd() {
    Cluster cluster = read(
        template("ReplicaSet", "a", "", ", ownerReferences: [" + owner("ReplicaSet", "b") + "]"),
        template("ReplicaSet", "b", "", ", ownerReferences: [" + owner("ReplicaSet", "a") + "]"),
        pod("p", "{app: a}", owner("ReplicaSet", "a"), ""));
    assertThat(cluster.workloads())
        .flatExtracting(Workload::pods)
        .extracting(Pod::name)
        .containsExactly("p");
  }

  @Test
  void aHostNetworkPodHasItsNodesAddresses() {
    Cluster cluster = read(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostNetwork: true, nodeName: n1}\n"
            + "status: {hostIP: 192.168.0.1, hostIPs: [{ip: 192.168.0.1}, {ip: 'fd00::1'}]}\n");
    Workload pod = cluster.workloads().get(0);
    assertThat(pod.hostNetwork()).isTrue();
    assertThat(pod.pods().get(0).addresses()).hasToString("[192.168.0.1, fd00::1]");
    assertThat(pod.pods().get(0).node()).hasValue("n1");
  }

  @Test
  void aPodThatIsNotOnTheHostNetworkDoesNotGetTheHostsAddress() {
    Cluster cluster = read(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\nstatus: {hostIP: 192.168.0.1}\n");
    assertThat(cluster.workloads().get(0).pods().get(0).addresses()).isEmpty();
  }

  @Test
  void portsAreThoseOfContainersAndOfSidecarsThatKeepRunning() {
    Cluster cluster = read(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
            + "  initContainers: [{name: i, ports: [{containerPort: 1}]}, {name: s, restartPolicy: Always, ports: [{containerPort: 2, name: side}]}]\n"
            + "  containers: [{name: c, ports: [{containerPort: 3, protocol: UDP}, {containerPort: 3, protocol: UDP}]}]\n");
    assertThat(cluster.workloads().get(0).ports())
        .extracting(p -> p.name() + " " + p.protocol() + " " + p.number())
        .containsExactly(" UDP 3", "side TCP 2");
  }

  @Test
  void endpointsAndSlicesJoinTheirService() {
    Cluster cluster = read(
        "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, ports: [{port: 5432}, {port: 80, targetPort: web}]}\n",
        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{addresses: [{ip: 10.0.0.1}], notReadyAddresses: [{ip: 10.0.0.2}],"
            + " ports: [{port: 5432}]}]\n",
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: db-x, labels: {kubernetes.io/service-name: db}}\n"
            + "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: db-0}}]\n"
            + "ports: [{port: 5432}, {port: 9000, name: m}]\n");
    Service db = cluster.services().get(0);
    assertThat(db.headless()).isTrue();
    assertThat(db.selector()).isEmpty();
    assertThat(db.ports())
        .extracting(Service.Port::target)
        .containsExactly(new Service.Target.Number(5432), new Service.Target.Named("web"));
    assertThat(db.endpoints()).hasSize(2);
    Service.SliceEndpoint first = db.endpoints().get(0);
    assertThat(first.pod()).hasValue("db-0");
    assertThat(first.ports()).extracting(Service.EndpointPort::port).containsExactly(5432, 9000);
    assertThat(first.ports().get(0).protocol()).isEqualTo(Protocol.TCP);
  }

  @Test
  void servicesSayHowTheyAreReached() {
    Cluster cluster = read(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer, externalTrafficPolicy: Local, clusterIPs: [10.96.0.1,"
            + " 'fd00::1'], selector: {app: a}, ports: [{port: 80, nodePort: 30080}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: ExternalName, externalName: example.com, selector: {app: a}}\n");
    Service balancer = cluster.services().get(0);
    assertThat(balancer.type()).isEqualTo(Service.Type.LOAD_BALANCER);
    assertThat(balancer.localTrafficOnly()).isTrue();
    assertThat(balancer.clusterIps()).hasSize(2);
    assertThat(balancer.selector()).hasValue(Selector.equal("app", "a"));
    assertThat(balancer.ports().get(0).nodePort()).isEqualTo(OptionalInt.of(30080));
    assertThat(cluster.services().get(1).externalName()).isEqualTo("example.com");
    assertThat(cluster.services().get(1).selector()).isEmpty();
  }

  @Test
  void waysInLeadToServices() {
    Cluster cluster = read(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, namespace: ns}\nspec: {rules: [{host: h, http: {paths:"
            + " [{backend: {service: {name: s, port: {name: web}}}}, {backend: {service: {name: t, port: {number: 80}}}}]}}]}\n",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: b, namespace: ns}\nspec: {hostnames: [h, i], rules:"
            + " [{backendRefs: [{name: s, namespace: m, port: 80}, {name: x, kind: Bucket}]}]}\n",
        "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: c, namespace: ns}\nspec: {to: {kind: Service, name: s}, port:"
            + " {targetPort: 8080}}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: ns}\nspec: {ports: [{port: 80, targetPort: 8080}]}\n");
    assertThat(cluster.entrances())
        .extracting(Entrance::kind)
        .containsExactly("Ingress", "GRPCRoute", "Route");
    assertThat(cluster.entrances().get(0).hosts()).containsExactly("h");
    assertThat(cluster.entrances().get(0).backends())
        .containsExactly(
            new Entrance.BackendReference("ns", "s", OptionalInt.empty(), "web"),
            new Entrance.BackendReference("ns", "t", OptionalInt.of(80), ""));
    assertThat(cluster.entrances().get(1).backends())
        .containsExactly(new Entrance.BackendReference("m", "s", OptionalInt.of(80), ""));
    // A Route names the pods' port; the Service's port that leads there is meant.
    assertThat(cluster.entrances().get(2).backends())
        .containsExactly(new Entrance.BackendReference("ns", "s", OptionalInt.of(80), ""));
  }

  @Test
  void anIngressRuleWithoutAHostServesEveryHost() {
    Cluster cluster = read(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: h}, {}]}\n");
    assertThat(cluster.entrances().get(0).hosts()).isEmpty();
  }

  @Test
  void oldIngressesLeadToServicesToo() {
    Cluster cluster = read(
        "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a}\nspec: {backend: {serviceName: s,"
            + " servicePort: web}, rules: [{http: {paths: [{backend: {serviceName: t, servicePort: 80}}]}}]}\n");
    assertThat(cluster.entrances().get(0).hosts()).isEmpty();
    assertThat(cluster.entrances().get(0).backends())
        .containsExactly(
            new Entrance.BackendReference("default", "s", OptionalInt.empty(), "web"),
            new Entrance.BackendReference("default", "t", OptionalInt.of(80), ""));
  }
}
