package dev.postern.netfilter.reader;

import dev.postern.backend.Note;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * kube-proxy's mode {@code ipvs}: a Service's address is the node's own, so that what comes to it goes by the hooks INPUT and OUTPUT to the pod
 * that it is given to, and never by FORWARD (Kubernetes' documents, "Virtual IPs and Service Proxies").
 */
public final class VirtualServers {

  /** A chain that kube-proxy has in that mode alone, or one of its sets, in whatever a tool prints. */
  private static final Pattern SIGN = Pattern.compile(
      "\\bKUBE-IPVS-[A-Z-]+|^create KUBE-(CLUSTER-IP|LOOP-BACK) ", Pattern.MULTILINE);

  private static final String UNREAD = "what IPVS takes from Services to pods";

  private VirtualServers() {}

  private static boolean areIn(Stream<String> dumps) {
    return dumps.anyMatch(text -> SIGN.matcher(text).find());
  }

  /** What no dump shows, if these say that the mode is in use. */
  public static List<String> unread(Stream<String> dumps) {
    return areIn(dumps) ? List.of(UNREAD) : List.of();
  }

  /** The same as a note. */
  public static List<Note> notes(Stream<String> dumps) {
    return areIn(dumps)
        ? List.of(
            Note.of(
                "kube-proxy serves Services by IPVS here: what comes to a Service's address goes to its pods by the hooks INPUT and OUTPUT, not by FORWARD, and is not judged"))
        : List.of();
  }
}
