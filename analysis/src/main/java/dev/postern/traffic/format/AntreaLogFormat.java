package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.UnreadableEntry;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The lines of Antrea's FlowLogger: values with commas between them, in the order of {@code WriteRecord} in
 * {@code pkg/flowaggregator/flowlogger/logger.go}, with numbers or with words ({@code prettyPrint}). Later versions append columns.
 */
public final class AntreaLogFormat implements FlowFormat.OfLines {

  private static final List<String> COLUMNS = List.of(
      "flowStartSeconds",
      "flowEndSeconds",
      "sourceIP",
      "destinationIP",
      "sourceTransportPort",
      "destinationTransportPort",
      "protocolIdentifier",
      "sourcePodName",
      "sourcePodNamespace",
      "sourceNodeName",
      "destinationPodName",
      "destinationPodNamespace",
      "destinationNodeName",
      "destinationClusterIP",
      "destinationServicePort",
      "destinationServicePortName",
      "ingressNetworkPolicyName",
      "ingressNetworkPolicyNamespace",
      "ingressNetworkPolicyRuleName",
      "ingressNetworkPolicyRuleAction",
      "ingressNetworkPolicyType",
      "egressNetworkPolicyName",
      "egressNetworkPolicyNamespace",
      "egressNetworkPolicyRuleName",
      "egressNetworkPolicyRuleAction");

  private static final Pattern BEGINNING =
      Pattern.compile("\\d{9,11},\\d{9,11},[0-9a-fA-F.:]+,[0-9a-fA-F.:]+,\\d+,\\d+,\\w+,.*");

  @Override
  public String name() {
    return "antrea-log";
  }

  @Override
  public String title() {
    return "Antrea's FlowLogger";
  }

  @Override
  public boolean recognises(String line) {
    return BEGINNING.matcher(line).matches() && line.split(",", -1).length >= COLUMNS.size();
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) {
    return (line, place, sink) -> {
      String[] values = line.split(",", -1);
      if (values.length < COLUMNS.size()) {
        throw new UnreadableEntry(
            "it has " + values.length + " values, and a record has at least " + COLUMNS.size());
      }
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < COLUMNS.size(); i++) {
        if (!values[i].isEmpty()) {
          object.put(COLUMNS.get(i), values[i]);
        }
      }
      AntreaRecord.read(new ObjectFields(object), place, sink);
    };
  }
}
