package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.UnreadableEntry;
import java.util.HashMap;
import java.util.Map;

/**
 * Flow records as JSON objects of IPFIX information elements (RFC 7012, and Antrea's own in {@code pkg/ipfix} of antrea-io/antrea), as
 * collectors write what Antrea's Flow Exporter and Flow Aggregator send. The elements may stand under {@code ipfix}, and their names may
 * have an enterprise before a colon.
 */
public final class AntreaFormat implements FlowFormat.OfObjects {

  @Override
  public String name() {
    return "antrea";
  }

  @Override
  public String title() {
    return "IPFIX as Antrea exports it, JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    ObjectFields fields = elements(object);
    return fields.has("sourceIPv4Address", "sourceIPv6Address", "sourceIP")
        && fields.has("destinationIPv4Address", "destinationIPv6Address", "destinationIP")
        && fields.has("protocolIdentifier");
  }

  private static ObjectFields elements(JsonNode object) {
    JsonNode elements = object.path("ipfix").isObject() ? object.path("ipfix") : object;
    Map<String, JsonNode> plain = new HashMap<>();
    boolean prefixed = false;
    for (Map.Entry<String, JsonNode> element : elements.properties()) {
      int colon = element.getKey().lastIndexOf(':');
      prefixed |= colon >= 0;
      plain.put(element.getKey().substring(colon + 1), element.getValue());
    }
    return new ObjectFields(
        prefixed ? JsonNodeFactory.instance.objectNode().setAll(plain) : elements);
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    ObjectFields fields = elements(object);
    if (!fields.has("protocolIdentifier")) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    AntreaRecord.read(fields, place, sink);
  }
}
