package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.PARTIAL;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.BadSentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What whoever, nodes, the API server, several parties and names of ports mean in a cluster. */
class WordsForEndsTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec:
        nodeName: n1
        containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]
      status: {podIP: 10.1.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: shop, labels: {app: cart}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec:
        nodeName: n2
        containers: [{name: c, image: i, ports: [{name: http, containerPort: 5432}]}]
      status: {podIP: 10.1.0.3}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec: {clusterIP: 10.96.0.7, selector: {app: web}, ports: [{name: front, port: 80, targetPort: http}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress, Egress]
        ingress: [{ports: [{port: 8080}]}]
        egress: [{ports: [{port: 5432}, {port: 6443}]}]
      """;

  private static final String NODES = """
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.21}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.22}, {type: InternalIP, address: "2001:db8::22"}]}
      """;

  private static final String API_SERVER = """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kubernetes, namespace: default}
      spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: kubernetes, namespace: default}
      subsets: [{addresses: [{ip: 192.0.2.9}], ports: [{name: https, port: 6443}]}]
      """;

  private static Answer ask(String question) {
    return ask(question, NODES + API_SERVER);
  }

  private static Answer ask(String question, String more) {
    return Analysis.of(Manifests.read(Source.text("words.yaml", PODS + more)).cluster())
        .ask(question);
  }

  private static BadSentence mistake(String question, String more) {
    return catchThrowableOfType(BadSentence.class, () -> ask(question, more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can anyone reach shop/db on 5432 | ALLOWED",
        "can anyone reach shop/db on 5433 | ALLOWED", // the pod's own node
        "can shop/web reach anyone on 5432 | ALLOWED",
        "can shop/web reach anyone on 5433 | ALLOWED", // its own node
        "can shop/web and shop/cart reach shop/db on 5432 | PARTIAL",
        "can shop/web reach shop/db and shop/cart on 5432 | ALLOWED",
        "can shop/cart reach shop/db and shop/db on 5432 | DENIED",
        "can node/n1 reach shop/db on 5432 | DENIED",
        "can node/n2 reach shop/db on 5432 | ALLOWED",
        "can any node reach shop/db on 5432 | ALLOWED",
        "can every node reach shop/db on 5432 | PARTIAL",
        "can shop/web reach node/n2 on 5432 | ALLOWED",
        "can shop/web reach node/n2 on 22 | DENIED",
        "can shop/web reach the API server | ALLOWED",
        "can shop/web reach the API server on https | ALLOWED",
        "can shop/web reach the API server on 22 | DENIED",
        "can the API server reach shop/web on http | ALLOWED",
        "can the API server reach shop/web on metrics | DENIED",
        "can shop/cart reach shop/web:http | ALLOWED",
        "can shop/cart reach shop/web on metrics | DENIED",
        "can shop/cart reach shop/web on http, metrics | PARTIAL",
        "can shop/cart reach service shop/web on front | ALLOWED",
        "can shop/cart reach 10.96.0.7 on front | ALLOWED",
        "can shop/cart reach every pod in namespace shop on http | PARTIAL"
      })
  void peopleAskSo(String question, Answer.Verdict verdict) {
    Answer answer = ask(question);

    assertThat(answer.verdict()).as("%s", answer).isEqualTo(verdict);
  }

  @Test
  void severalPairsAreListedOneByOne() {
    assertThat(ask("can shop/web and shop/cart reach shop/db on 5432").connections())
        .extracting(Connection::source)
        .containsExactly("shop/web", "shop/cart");
    assertThat(ask("who can reach shop/db and shop/web on 5432,8080").verdict()).isEqualTo(ALLOWED);
    assertThat(ask("what can shop/web and shop/cart reach on http").connections())
        .extracting(Connection::source)
        .contains("shop/web", "shop/cart");
  }

  @Test
  void aPairThatIsNotDecidedLeavesTheWholeUndecided() {
    Answer answer = ask("can shop/cart and node/n1 reach shop/web on 8080", "");

    assertThat(answer.verdict()).isEqualTo(UNKNOWN);
    assertThat(answer.notes()).anyMatch(note -> note.contains("no manifest holds a Node"));
  }

  @Test
  void aNodeWhoseAddressesAreNotKnownIsUnknown() {
    String bare = "---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\n";
    assertThat(ask("can node/n1 reach shop/web on 8080", bare).verdict()).isEqualTo(UNKNOWN);
    assertThat(ask("can shop/cart reach any node on 22", bare).verdict()).isEqualTo(UNKNOWN);
    assertThat(ask("can any node reach shop/db on 80", bare).verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void aNodeIsSaidToBeJudgedByItsAddresses() {
    assertThat(ask("can node/n1 reach shop/db on 5432").notes())
        .anyMatch(note -> note.contains("addresses that its Node object lists"));
  }

  @Test
  void aNodeThatIsNotThereIsRefusedWithTheNearest() {
    assertThat(mistake("can node/n3 reach shop/db", NODES).getMessage())
        .contains("there is no node `n3`")
        .contains("`n1`");
  }

  @Test
  void whereTheApiServerIsNotInTheManifestsItIsSaidWhatToWrite() {
    assertThat(mistake("can shop/web reach the API server", NODES).hint()).isPresent();
    assertThat(mistake("can the API server reach shop/web", NODES).hint()).isPresent();
  }

  @Test
  void aPortOfNoSuchNameIsRefusedWithTheNearest() {
    BadSentence mistake = mistake("can shop/cart reach shop/web on htp", NODES);
    assertThat(mistake.getMessage()).contains("no port there is named `htp`").contains("`http`");
    assertThat(mistake.column()).isEqualTo(33);
    assertThat(mistake("can shop/cart reach service shop/web on fronts", NODES).getMessage())
        .contains("`front`");
    assertThat(mistake("can shop/web reach shop/cart on http", NODES).getMessage())
        .contains("write its number");
    assertThat(mistake("can shop/web reach shop/db on udp/http", NODES).getMessage())
        .contains("on udp");
    assertThat(mistake("can shop/web reach 203.0.113.9 on http", NODES).hint()).isPresent();
  }

  @Test
  void podsWithoutAPortOfTheNameAreNamed() {
    assertThat(ask("can shop/web reach namespace shop on http").notes())
        .anyMatch(note -> note.contains("shop/cart has no port named `http`"));
  }

  @Test
  void whoeverIsThereIsAskedAboutAsWhoIs() {
    assertThat(ask("can anyone reach shop/db on 5433", "").verdict())
        .isEqualTo(ask("who can reach shop/db on 5433", "").verdict())
        .isEqualTo(DENIED);
    assertThat(ask("can anyone reach shop/db on 5432,5433", "").verdict()).isEqualTo(PARTIAL);
  }
}
