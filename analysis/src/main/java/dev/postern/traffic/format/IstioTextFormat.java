package dev.postern.traffic.format;

import dev.postern.traffic.Count;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.UnreadableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Access logs of Envoy in the text that Istio's proxies write by default (Istio, "Envoy Access Logs"). Envoy's own default text lacks the
 * caller's address and cannot be read. What a container's log puts before a line is overlooked.
 */
public final class IstioTextFormat implements FlowFormat.OfLines {

  /** Time, the quoted request, the code, and then what is quoted or has no blank in it. */
  private static final Pattern BEGINNING =
      Pattern.compile("(?:.*?[\\s])??\\[(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z)\\] (\".*\" .*)");

  /** The request, and so many after it. */
  private static final int VALUES = 20;

  @Override
  public String name() {
    return "istio";
  }

  @Override
  public String title() {
    return "Istio's access logs, the default text";
  }

  @Override
  public boolean recognises(String line) {
    return BEGINNING.matcher(line).matches();
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) {
    return (line, place, sink) -> {
      Matcher matcher = BEGINNING.matcher(line);
      if (!matcher.matches()) {
        throw new UnreadableEntry("it does not begin with a time and a quoted request");
      }
      List<String> all = split(matcher.group(2));
      List<String> values = all.subList(1, all.size());
      if (values.size() < VALUES) {
        throw new UnreadableEntry(
            "it has " + values.size() + " values after the request, and Istio's"
                + " default text has " + VALUES + ", the caller's address among them");
      }
      new IstioEntry(
              matcher.group(1),
              values.get(1),
              Count.plus(LogText.number(values.get(5)), LogText.number(values.get(6))),
              values.get(13),
              values.get(14),
              values.get(16),
              values.get(17))
          .read(place, sink);
    };
  }

  /** Values with blanks between them; a quoted one may have blanks in it. */
  private static List<String> split(String text) {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == ' ') {
        at++;
        continue;
      }
      boolean quoted = text.charAt(at) == '"';
      int end = at + 1;
      while (end < text.length() && text.charAt(end) != (quoted ? '"' : ' ')) {
        end += quoted && text.charAt(end) == '\\' ? 2 : 1;
      }
      end = Math.min(end, text.length());
      values.add(text.substring(quoted ? at + 1 : at, end));
      at = end + 1;
    }
    return values;
  }
}
