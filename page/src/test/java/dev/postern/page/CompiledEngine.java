package dev.postern.page;

import dev.postern.meaning.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The engine as JavaScript, in a browser's page that holds nothing else. */
final class CompiledEngine implements AutoCloseable {

  private final Browser browser = new Browser();

  CompiledEngine() throws IOException {
    browser.driver().get("about:blank");
    try (InputStream in =
        Objects.requireNonNull(PageDocument.class.getResourceAsStream("engine.js"))) {
      browser.run(
          "const script = document.createElement('script'); script.textContent = arguments[0]; document.head.append(script)",
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  Object run(String script, Object... values) {
    return browser.run(script, values);
  }

  /** Sources as the engine takes them. */
  static List<Map<String, Object>> objects(List<PageSource> sources) {
    return sources.stream()
        .<Map<String, Object>>map(
            source -> Map.of("name", source.name(), "text", source.text(), "found", source.found()))
        .toList();
  }

  /** A way of reading as the engine takes it. */
  static Map<String, Object> object(PageReading reading) {
    return Map.ofEntries(
        Map.entry("objects", reading.objects()),
        Map.entry("names", reading.names().orElse("")),
        Map.entry("domain", reading.domain()),
        Map.entry("closed", reading.closed()),
        Map.entry("ignored", reading.ignored().kinds()),
        Map.entry("unseen", List.of()),
        Map.entry("ipBlockMatchesPods", reading.options().ipBlockMatchesPods()),
        Map.entry("nodeTrafficPasses", reading.options().nodeTrafficPasses()),
        Map.entry("hostNetworkIsNode", reading.options().hostNetwork() == Options.HostNetwork.NODE),
        Map.entry("missingAddress", reading.options().missingAddress().name()),
        Map.entry("keepsClients", reading.services().keepsClients()),
        Map.entry("shortCutsLoadBalancers", reading.services().shortCutsLoadBalancers()),
        Map.entry("notes", reading.notes()));
  }

  @Override
  public void close() {
    browser.close();
  }
}
