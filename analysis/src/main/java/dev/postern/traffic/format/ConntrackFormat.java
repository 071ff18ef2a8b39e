package dev.postern.traffic.format;

import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code conntrack -L} prints, also with {@code -o extended}, {@code -o timestamp} and as events ({@code -E}), and
 * {@code /proc/net/nf_conntrack}: conntrack(8). Who is called is taken from the direction of replies, which has the pod behind a Service's
 * address. An entry says that packets went by, not what policies did.
 */
public final class ConntrackFormat implements FlowFormat.OfLines {

  private static final Pattern WORD = Pattern.compile("\\S+");

  private static final Pattern RECOGNISED =
      Pattern.compile("(?:.*\\s)?(?:tcp|udp|udplite|sctp|dccp|icmp|icmpv6|gre|unknown)\\s+\\d+\\s.*"
          + "\\bsrc=\\S+ dst=\\S+ .*\\bsrc=\\S+ dst=\\S+.*");

  @Override
  public String name() {
    return "conntrack";
  }

  @Override
  public String title() {
    return "conntrack -L";
  }

  @Override
  public boolean recognises(String line) {
    return RECOGNISED.matcher(line).matches();
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) {
    return ConntrackFormat::read;
  }

  private static void read(String line, LogPlace place, FlowSink sink) throws UnreadableEntry {
    List<Map<String, String>> directions = new ArrayList<>();
    String protocol = "";
    Set<String> words = new HashSet<>();
    Optional<Instant> time = Optional.empty();
    String before = "";
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      String word = matcher.group();
      int equal = word.indexOf('=');
      if (equal < 0) {
        if (directions.isEmpty() && protocol.isEmpty() && isNumber(word) && isName(before)) {
          protocol = before.equals("ipv4") || before.equals("ipv6") ? "" : before;
        }
        if (word.startsWith("[") && Character.isDigit(word.length() > 1 ? word.charAt(1) : ' ')) {
          time = LogText.time(word.replaceAll("[\\[\\]]", ""));
        }
        words.add(word);
      } else {
        String name = word.substring(0, equal);
        if (name.equals("src")) {
          directions.add(new HashMap<>());
        }
        if (!directions.isEmpty()) {
          directions.get(directions.size() - 1).putIfAbsent(name, word.substring(equal + 1));
        }
      }
      before = word;
    }
    if (directions.size() != 2) {
      throw new UnreadableEntry("it has not two directions, src=… dst=… and src=… dst=…");
    }
    boolean end = words.contains("[DESTROY]");
    boolean event = end || words.contains("[NEW]") || words.contains("[UPDATE]");
    if (words.contains("[UNREPLIED]") && isAnswered(protocol, words, event)) {
      sink.leftOut(event && !end ? Omission.NOT_YET_ANSWERED : Omission.NO_ANSWER);
      return;
    }
    // Of a connection there are several events, and only its end is there of each.
    long count = event && !end ? 0 : 1;
    record(protocol, directions.get(0), directions.get(1), count, time, place, sink);
  }

  /** Whether who is called has to answer before it is a connection. The state is not in events of old kernels. */
  private static boolean isAnswered(String protocol, Set<String> words, boolean event) {
    return words.contains("SYN_SENT")
        || words.contains("COOKIE_WAIT")
        || (event && (protocol.equals("tcp") || protocol.equals("sctp")));
  }

  private static void record(
      String named,
      Map<String, String> original,
      Map<String, String> reply,
      long count,
      Optional<Instant> time,
      LogPlace place,
      FlowSink sink)
      throws UnreadableEntry {
    Protocol protocol = LogText.protocol(named);
    sink.flow(new FlowRecord(
        place,
        FlowEnd.at(LogText.address(original.getOrDefault("src", ""))),
        FlowEnd.at(LogText.address(reply.getOrDefault("src", ""))),
        protocol,
        protocol.hasPorts() ? LogText.sourcePort(original.getOrDefault("sport", "")) : 0,
        LogText.port(protocol, reply.getOrDefault("sport", ""), "sport of replies"),
        Outcome.SEEN,
        Vantage.UNSAID,
        Opener.SOURCE,
        count,
        Count.plus(
            LogText.number(original.getOrDefault("bytes", "")),
            LogText.number(reply.getOrDefault("bytes", ""))),
        time,
        time));
  }

  private static boolean isNumber(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isName(String word) {
    return !word.isEmpty() && Character.isLetter(word.charAt(0));
  }
}
