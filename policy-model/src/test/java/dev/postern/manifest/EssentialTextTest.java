package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EssentialTextTest {

  @Test
  void valuesThatNobodyReadsAreLeftOutAndEveryLineStays() {
    String text = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          labels: {app: web}
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: |
              {"env": [{"name": "TOKEN", "value": "hunter2"}]}

            prometheus.io/port: "9090"
        spec:
          replicas: 2
          template:
            metadata: {labels: {app: web}, annotations: {token: hunter2}}
            spec:
              containers:
                - name: main
                  image: web:1
                  args: ["--password", hunter2, 'it''s hunter2']
                  env:
                    - name: TOKEN # as given
                      value: "hunter2
                        and more"
                  ports:
                    - containerPort: 8080
        """;
    String essential = EssentialText.of(text).orElseThrow();

    assertThat(essential).doesNotContain("hunter2");
    assertThat(essential.lines().count()).isEqualTo(text.lines().count());
    assertThat(essential)
        .contains(
            "    prometheus.io/port: \"9090\"\n",
            "            - name: \"(left out)\" # as given\n",
            "        - name: main\n          image: web:1\n",
            "labels: {app: web}, annotations: {token: \"-----\"}}\n",
            "            - containerPort: 8080\n");
  }

  @Test
  void aValueWhoseKeyComesAgainIsLeftOutToo() {
    String text = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a, namespace: shop}
        spec: {podSelector: {}}
        status: hunter2
        status: true
        """;
    assertThat(EssentialText.of(text).orElseThrow())
        .isEqualTo(text.replace("hunter2", "\"(left out)\""));
  }

  @Test
  void allOfAPolicyStaysAsItIs() {
    String text = """
        # why
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a, namespace: shop, labels: {on: "true"}}
        spec:
          podSelector: {}
          ingress: [{ports: [{port: 80}, {port: "http"}]}]
        """;
    assertThat(EssentialText.of(text)).contains(text);
  }

  @Test
  void aSecretAndAConfigMapKeepTheirNames() {
    String text = """
        apiVersion: v1
        kind: List
        items:
          - {apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: aHVudGVyMg==}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: hunter2}}
        """;
    assertThat(EssentialText.of(text).orElseThrow())
        .doesNotContain("hunter2", "aHVudGVyMg")
        .contains("kind: Secret, metadata: {name: s}, data: {a: \"----------\"}");
  }

  @Test
  void whatHasItemsIsAListOfWhateverKind() {
    String text = """
        apiVersion: foo.bar/v1
        kind: Bundle
        items:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p}
            spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
        """;
    assertThat(EssentialText.of(text)).contains(text);
  }

  @Test
  void policiesAreKeptAsTheyAreWhoeverReadsThem() {
    String text = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p}
        spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 1, endPort: 2}]}]}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: c}
        spec: {endpointSelector: {}, egress: [{toFQDNs: [{matchName: example.com}]}]}
        """;
    assertThat(EssentialText.of(text)).contains(text);
  }

  @Test
  void whatAnAliasBringsToAPlaceThatIsReadIsKept() {
    String text = """
        apiVersion: v1
        kind: Pod
        x: &labels {app: web, secret: &s hunter2}
        metadata: {name: a, labels: *labels}
        spec:
          containers:
            - {name: a, env: [{name: A, value: &other hunter3}, {name: B, value: *other}]}
        """;
    assertThat(EssentialText.of(text).orElseThrow())
        .contains("x: &labels {app: web, secret: &s hunter2}", "value: &other \"-----\"")
        .doesNotContain("hunter3");
  }

  @Test
  void parametersOfATemplateAreSeenWithoutWhatIsAroundThem() {
    String text = """
        apiVersion: template.openshift.io/v1
        kind: Template
        objects:
          - apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
                - env:
                    - value: postgres://user:hunter2@${HOST}
        """;
    assertThat(EssentialText.of(text).orElseThrow()).contains("- value: \"${HOST}\"\n");
  }

  @Test
  void aSecretThatCannotBeReadCannotBePassedOn() {
    assertThat(EssentialText.of("kind: Secret\ndata: {a: {{ b }\n")).isEmpty();
    assertThat(EssentialText.of("kind: Pod\nspec: {a: {{ b }\n")).isPresent();
  }

  @Test
  void anAnswerOfTheServerIsWrittenFieldByFieldWithoutTheRest() {
    String answer =
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"a\",\"uid\":\"u\",\"managedFields\":[{\"manager\":\"hunter2\"}],\"annotations\":{\"t\":\"hunter2\"}},\"spec\":{\"containers\":[{\"name\":\"m\",\"env\":[{\"name\":\"A\",\"value\":\"hunter2\"}],\"ports\":[{\"containerPort\":80}]}],\"hostNetwork\":true},\"status\":{\"podIPs\":[{\"ip\":\"10.0.0.1\"}]}}]}";
    assertThat(EssentialText.ofAnswer(answer)).isEqualTo("""
        {
          "kind": "PodList",
          "apiVersion": "v1",
          "metadata": {},
          "items": [
            {
              "metadata": {
                "name": "a",
                "uid": "u",
                "annotations": {}
              },
              "spec": {
                "containers": [
                  {
                    "name": "m",
                    "ports": [
                      {
                        "containerPort": 80
                      }
                    ]
                  }
                ],
                "hostNetwork": true
              },
              "status": {
                "podIPs": [
                  {
                    "ip": "10.0.0.1"
                  }
                ]
              }
            }
          ]
        }
        """);
  }
}
