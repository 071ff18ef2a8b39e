package dev.postern.manifest;

import java.util.List;

/** One valid manifest of every kind, with every field that Postern reads. */
final class Specimens {

  private static final String TEMPLATE = """
        template:
          metadata: {labels: {app: web}}
          spec:
            hostNetwork: false
            initContainers:
            - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15000, name: mesh}]}
            containers:
            - name: web
              image: nginx
              ports:
              - {name: http, containerPort: 8080, protocol: TCP}
      """;

  static final List<String> ALL = List.of(
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {team: a, kubernetes.io/metadata.name: shop}}
      spec: {finalizers: [kubernetes]}
      status: {phase: Active}
      """,
      """
      apiVersion: v1
      kind: Node
      metadata: {name: worker-1, labels: {zone: a}}
      spec: {podCIDR: 10.1.0.0/24}
      status: {addresses: [{type: InternalIP, address: 192.168.0.1}, {type: Hostname, address: worker-1}]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-1
        namespace: shop
        labels: {app: web}
        ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, controller: true, uid: u}]
      spec:
        nodeName: worker-1
        hostNetwork: false
        containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 8080}]}]
      status: {phase: Running, hostIP: 192.168.0.1, podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}, {ip: "fd00::2"}]}
      """,
      controller("apps/v1", "Deployment", "web"),
      controller("apps/v1", "StatefulSet", "db"),
      controller("apps/v1", "DaemonSet", "agent"),
      controller("apps/v1", "ReplicaSet", "old"),
      "apiVersion: v1\nkind: ReplicationController\nmetadata: {name: rc}\nspec:\n  selector: {app: web}\n"
          + TEMPLATE,
      "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nmetadata: {name: dc}\nspec:\n  selector: {app: web}\n"
          + TEMPLATE,
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec:\n" + TEMPLATE,
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec:\n  schedule: '@daily'\n  jobTemplate:\n    spec:\n"
          + TEMPLATE.indent(4),
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: NodePort
        clusterIP: 10.96.0.5
        clusterIPs: [10.96.0.5]
        externalTrafficPolicy: Local
        selector: {app: web}
        ports: [{name: http, port: 80, targetPort: http, nodePort: 30080, protocol: TCP}]
      """,
      """
      apiVersion: v1
      kind: Endpoints
      metadata: {name: web}
      subsets:
      - addresses: [{ip: 10.1.0.2, nodeName: worker-1, targetRef: {kind: Pod, name: web-1, namespace: shop}}]
        notReadyAddresses: [{ip: 10.1.0.3}]
        ports: [{name: http, port: 8080, protocol: TCP}]
      """,
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-abc, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      endpoints: [{addresses: [10.1.0.2], conditions: {ready: true}, targetRef: {kind: Pod, name: web-1}}]
      ports: [{name: http, port: 8080, protocol: TCP}]
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        defaultBackend: {service: {name: web, port: {number: 80}}}
        rules:
        - host: shop.example.com
          http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
      """,
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: web}
      spec:
        parentRefs: [{name: gateway}]
        hostnames: [shop.example.com]
        rules:
        - backendRefs: [{name: web, port: 80, weight: 1}]
          filters: [{type: RequestMirror, requestMirror: {backendRef: {name: mirror, port: 80}}}]
      """,
      """
      apiVersion: route.openshift.io/v1
      kind: Route
      metadata: {name: web}
      spec:
        host: shop.example.com
        to: {kind: Service, name: web, weight: 100}
        alternateBackends: [{kind: Service, name: canary}]
        port: {targetPort: http}
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: np, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{podSelector: {}, namespaceSelector: {matchLabels: {team: a}}}]
          ports: [{protocol: UDP, port: 53}, {port: 8000, endPort: 9000}, {port: http}]
        egress:
        - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
      """,
      """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: anp}
      spec:
        priority: 10
        subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}
        ingress:
        - name: in
          action: Pass
          from: [{namespaces: {matchLabels: {team: a}}}]
          ports: [{portNumber: {protocol: TCP, port: 80}}, {portRange: {start: 1, end: 9}}, {namedPort: http}]
        egress:
        - action: Allow
          to: [{networks: [10.0.0.0/8]}, {nodes: {}}, {domainNames: ["*.example.com"]}]
      """,
      """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata: {name: default}
      spec:
        subject: {namespaces: {}}
        ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {}}}]}]
      """,
      """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: cnp}
      spec:
        tier: Baseline
        priority: 10
        subject: {namespaces: {}}
        ingress:
        - action: Accept
          from: [{pods: {podSelector: {}}}]
          protocols:
          - tcp: {destinationPort: {number: 80}}
          - udp: {destinationPort: {range: {start: 1, end: 9}}}
          - destinationNamedPort: http
      """);

  private Specimens() {}

  private static String controller(String version, String kind, String name) {
    return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: " + name
        + "}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n" + TEMPLATE;
  }

  /** All of them as one stream. */
  static String stream() {
    return String.join("---\n", ALL);
  }
}
