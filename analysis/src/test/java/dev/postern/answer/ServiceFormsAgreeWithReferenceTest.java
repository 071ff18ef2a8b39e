package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Answers about every name and address that leads to a Service against {@link CallTranslation}, which says from the Kubernetes documents
 * what becomes of a call, and against the definition for each of the flows that it may become.
 */
class ServiceFormsAgreeWithReferenceTest {

  /** What a question calls. */
  private enum Form {
    CLUSTER_IP,
    EXTERNAL_IP,
    LOAD_BALANCER,
    LOAD_BALANCER_NAME,
    NODE_PORT,
    HEALTH_CHECK,
    SERVICE,
    NAME,
    HEADLESS_NAME,
    POD_NAME,
    ALIAS
  }

  private record Called(Form form, String words, Protocol protocol, int port) {}

  private static final Map<Form, Map<Answer.Verdict, Integer>> SEEN = new EnumMap<>(Form.class);

  @AfterContainer
  static void everyFormWasAskedAndDecidedBothWays() {
    System.out.println("forms of Services and their verdicts: " + SEEN);
    assertThat(SEEN.keySet()).containsExactlyInAnyOrder(Form.values());
    SEEN.forEach((form, verdicts) -> {
      assertThat(verdicts.getOrDefault(Answer.Verdict.ALLOWED, 0))
          .as("%s allowed", form)
          .isGreaterThanOrEqualTo(Tries.share(1));
      if (form != Form.HEALTH_CHECK) {
        assertThat(verdicts.getOrDefault(Answer.Verdict.DENIED, 0))
            .as("%s denied", form)
            .isGreaterThanOrEqualTo(Tries.share(1));
      }
    });
  }

  @Property(tries = 1500)
  void whatTheAnswerSaysIsWhatBecomesOfTheCall(
      @ForAll Cluster cluster, @ForAll("options") Options options, @ForAll Random random) {
    if (cluster.workloads().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    CallTranslation translation = new CallTranslation(cluster, options, probes.outside(cluster));
    Analysis analysis = Analysis.of(cluster, options);
    for (Service service : cluster.services()) {
      for (Called called : calls(cluster, service, random)) {
        Client client = client(cluster, probes, random);
        String question = "can " + client.words() + " reach " + called.words() + " on "
            + called.protocol().word() + "/" + called.port();

        Answer answer = analysis.ask(question);

        SEEN.computeIfAbsent(called.form(), form -> new EnumMap<>(Answer.Verdict.class))
            .merge(answer.verdict(), 1, Integer::sum);
        assertThat(answer.verdict())
            .as("%s under %s\nnotes: %s\n%s", question, options, answer.notes(), service)
            .isEqualTo(translation.verdict(
                client.ends(), called.words(), called.protocol(), called.port()));
      }
    }
  }

  private record Client(String words, List<End> ends) {}

  private static Client client(Cluster cluster, Probes probes, Random random) {
    List<Address> outside = probes.outside(cluster);
    if (random.nextInt(3) == 0) {
      List<Address> nodes =
          cluster.nodes().stream().flatMap(node -> node.addresses().stream()).toList();
      Address address =
          !nodes.isEmpty() && random.nextInt(4) == 0 ? pick(nodes, random) : pick(outside, random);
      return new Client(address.toString(), List.of(new End.Outside(address)));
    }
    Workload workload = pick(cluster.workloads(), random);
    return new Client(
        workload.kind().toLowerCase(Locale.ROOT) + "/" + workload.id(), EndsOfPods.ends(workload));
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  /** A question for each form that a Service has. */
  private static List<Called> calls(Cluster cluster, Service service, Random random) {
    String name = service.name() + "." + service.namespace()
        + pick(List.of(".svc", ".svc.cluster.local", ".svc.cluster.local."), random);
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      return List.of(new Called(Form.ALIAS, name, Protocol.TCP, 1001));
    }
    Service.Port port = pick(service.ports(), random);
    Protocol protocol = port.protocol();
    List<Called> calls = new ArrayList<>();
    if (service.headless()) {
      int target = port.target() instanceof Service.Target.Number number ? number.port() : 80;
      calls.add(new Called(Form.HEADLESS_NAME, name, protocol, target));
      podNames(cluster, service)
          .forEach(
              label -> calls.add(new Called(Form.POD_NAME, label + "." + name, protocol, target)));
      return calls;
    }
    // A port that the Service does not have, now and then.
    int number = random.nextInt(8) == 0 ? 999 : port.port();
    calls.add(new Called(Form.SERVICE, "service " + service.id(), protocol, number));
    calls.add(new Called(Form.NAME, name, protocol, number));
    service
        .clusterIps()
        .forEach(address ->
            calls.add(new Called(Form.CLUSTER_IP, address.toString(), protocol, number)));
    service.exposure().externalIps().stream()
        .distinct()
        .forEach(address ->
            calls.add(new Called(Form.EXTERNAL_IP, address.toString(), protocol, number)));
    for (Service.LoadBalancer front : service.exposure().loadBalancers()) {
      String words = front.address().map(Address::toString).orElse(front.hostname());
      Form form = front.address().isPresent() ? Form.LOAD_BALANCER : Form.LOAD_BALANCER_NAME;
      calls.add(new Called(form, words, protocol, number));
    }
    service
        .exposure()
        .requestedIp()
        .ifPresent(address ->
            calls.add(new Called(Form.LOAD_BALANCER, address.toString(), protocol, number)));
    for (Node node : cluster.nodes()) {
      for (Address address : node.addresses()) {
        port.nodePort()
            .ifPresent(nodePort ->
                calls.add(new Called(Form.NODE_PORT, address.toString(), protocol, nodePort)));
        service
            .exposure()
            .healthCheckNodePort()
            .ifPresent(check ->
                calls.add(new Called(Form.HEALTH_CHECK, address.toString(), Protocol.TCP, check)));
      }
    }
    return calls;
  }

  /** The first labels of DNS names of pods behind a headless Service. */
  private static List<String> podNames(Cluster cluster, Service service) {
    return service.selector().stream()
        .flatMap(selector -> cluster.workloads().stream()
            .filter(w -> w.namespace().equals(service.namespace()))
            .filter(w -> selector.matches(w.labels()))
            .flatMap(w -> w.pods().stream()))
        .flatMap(pod -> Optional.of(pod.hostname()
                .filter(host -> host.subdomain().equals(service.name()))
                .map(Pod.Hostname::name)
                .orElse(pod.hostname().isPresent() ? "" : pod.name()))
            .filter(label -> !label.isEmpty())
            .stream())
        .distinct()
        .limit(2)
        .toList();
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple3()
        .map(t -> new Options(
            t.get1(), t.get2(), t.get3() ? Options.HostNetwork.NODE : Options.HostNetwork.POD));
  }
}
