package dev.postern.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.replay.Recorded.Owner;
import dev.postern.replay.Recorded.Party;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what {@code hubble observe -o jsonpb} (or {@code -o json}) and Cilium's flow exporter write: one JSON object a line, a flow or
 * {@code {"flow": …}}, after the messages of Cilium's api/v1/flow/flow.proto.
 */
public final class HubbleReader {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> PASSED = Set.of("FORWARDED", "REDIRECTED", "AUDIT");
  private static final Set<String> POLICY = Set.of("POLICY_DENIED", "POLICY_DENY");

  /** The label by which Cilium keeps the namespace of a pod. */
  private static final String NAMESPACE = "k8s:io.kubernetes.pod.namespace=";

  private final String file;
  private final List<Recorded> recorded = new ArrayList<>();
  private final SortedMap<String, Integer> skipped = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private HubbleReader(String file) {
    this.file = file;
  }

  /** What is wrong with a line. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String why) {
      super(why);
    }
  }

  /**
   * Reads a log to its end; lines that are no flows are told, and left out.
   *
   * @param file how messages call it
   * @throws IOException if the text cannot be read
   */
  public static FlowLog read(String file, Reader text) throws IOException {
    HubbleReader reader = new HubbleReader(file);
    BufferedReader lines = new BufferedReader(text);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        reader.line(number, line);
      }
    }
    return new FlowLog(List.copyOf(reader.recorded), reader.skipped, List.copyOf(reader.problems));
  }

  private void line(int number, String line) {
    try {
      JsonNode whole = JSON.readTree(line);
      JsonNode flow = whole.has("flow") ? whole.path("flow") : whole;
      if (!whole.isObject()) {
        throw new Unusable("it is no JSON object");
      }
      if (!flow.has("verdict")) {
        skip(
            whole.has("lost_events")
                ? "a gap: events were lost"
                : whole.has("flow") || whole.has("IP") ? "no verdict" : "not a flow");
        return;
      }
      flow(file + ":" + number, flow);
    } catch (JsonProcessingException problem) {
      int column =
          problem.getLocation() == null ? 1 : Math.max(1, problem.getLocation().getColumnNr());
      problem(
          number,
          column,
          "no JSON: " + problem.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (Unusable problem) {
      problem(number, 1, String.valueOf(problem.getMessage()));
    }
  }

  private void problem(int line, int column, String what) {
    problems.add(file + ":" + line + ":" + column + ": error: " + what
        + " (hint: one flow a line, as `hubble observe -o jsonpb` prints them)");
  }

  private void skip(String why) {
    skipped.merge(why, 1, Integer::sum);
  }

  private void flow(String place, JsonNode flow) throws Unusable {
    String verdict = flow.path("verdict").asText();
    String type = flow.path("Type").asText("L3_L4");
    JsonNode tcp = flow.path("l4").path("TCP");
    if (type.equals("L7")) {
      skip("what a proxy saw of a connection");
    } else if (type.equals("SOCK") || verdict.equals("TRANSLATED")) {
      skip("a Service's address, before it was translated");
    } else if (flow.path("is_reply").asBoolean(flow.path("reply").asBoolean())
        || (is(tcp, "SYN") && is(tcp, "ACK"))) {
      skip("replies");
    } else if (verdict.equals("DROPPED")
        && !POLICY.contains(flow.path("drop_reason_desc").asText("POLICY_DENIED"))) {
      skip("dropped, but not by a policy");
    } else if (!PASSED.contains(verdict) && !verdict.equals("DROPPED")) {
      skip("verdict " + verdict);
    } else if (flow.path("l4").isEmpty()) {
      skip("no transport protocol");
    } else {
      record(place, flow, PASSED.contains(verdict));
    }
  }

  private static boolean is(JsonNode tcp, String flag) {
    return tcp.path("flags").path(flag).asBoolean();
  }

  private void record(String place, JsonNode flow, boolean passed) throws Unusable {
    String layer = flow.path("l4").fieldNames().next();
    Protocol protocol = switch (layer) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default -> Protocol.OTHER;
    };
    int port = protocol.hasPorts()
        ? flow.path("l4").path(layer).path("destination_port").asInt(-1)
        : 0;
    if (protocol.hasPorts() && (port < 1 || port > 65535)) {
      throw new Unusable("the flow has no destination_port between 1 and 65535");
    }
    recorded.add(new Recorded(
        place,
        flow.path("time").asText(""),
        party(flow, "source"),
        party(flow, "destination"),
        protocol,
        port,
        passed,
        flow.path("traffic_direction").asText().equals("INGRESS")));
  }

  private static Party party(JsonNode flow, String end) throws Unusable {
    JsonNode known = flow.has(end) ? flow.path(end) : MissingNode.getInstance();
    List<Owner> workloads = new ArrayList<>();
    known
        .path("workloads")
        .forEach(workload -> workloads.add(
            new Owner(workload.path("name").asText(), workload.path("kind").asText(""))));
    Optional<Address> address = Optional.empty();
    String text = flow.path("IP").path(end).asText("");
    if (!text.isEmpty()) {
      try {
        address = Optional.of(Address.parse(text));
      } catch (IllegalArgumentException problem) {
        throw new Unusable("`" + text + "` is no address");
      }
    }
    Set<ReservedIdentity> reserved = EnumSet.noneOf(ReservedIdentity.class);
    ReservedIdentity.numbered(known.path("identity").asInt(0)).ifPresent(reserved::add);
    String namespace = known.path("namespace").asText("");
    for (JsonNode label : known.path("labels")) {
      ReservedIdentity.labelled(label.asText()).ifPresent(reserved::add);
      if (namespace.isEmpty() && label.asText().startsWith(NAMESPACE)) {
        namespace = label.asText().substring(NAMESPACE.length());
      }
    }
    Party party =
        new Party(namespace, known.path("pod_name").asText(""), workloads, address, reserved);
    if (!party.isPod() && address.isEmpty()) {
      throw new Unusable("the flow names neither a pod nor an address as its " + end);
    }
    return party;
  }
}
