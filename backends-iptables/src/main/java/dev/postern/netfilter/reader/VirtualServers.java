package dev.postern.netfilter.reader;

import dev.postern.backend.Note;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * IPVS, by which kube-proxy's mode {@code ipvs} and kube-router serve Services: a Service's address is the node's own, so that what comes to
 * it goes by the hooks INPUT and OUTPUT to the pod that it is given to, and never by FORWARD (Kubernetes' documents, "Virtual IPs and Service
 * Proxies"; {@code net/netfilter/ipvs}).
 */
public final class VirtualServers {

  /** A chain that kube-proxy or kube-router has in that mode alone, or one of its sets, in whatever a tool prints. */
  private static final Pattern SIGN = Pattern.compile(
      "\\bKUBE-IPVS-[A-Z-]+|\\bKUBE-ROUTER-SERVICES\\b|^create (KUBE-CLUSTER-IP|KUBE-LOOP-BACK|kube-router-svip) ",
      Pattern.MULTILINE);

  private VirtualServers() {}

  /** Whether some of these dumps say that IPVS is in use. */
  public static boolean areIn(Stream<String> dumps) {
    return dumps.anyMatch(text -> SIGN.matcher(text).find());
  }

  /** What is to be known of a proof where they are. */
  public static List<Note> notes(boolean used) {
    return used
        ? List.of(
            Note.of(
                "IPVS serves Services here: what comes to a Service's address goes to its pods by the hooks INPUT and OUTPUT, whose rules are judged, too;"
                    + " taken as given is that IPVS keeps connections known (net.ipv4.vs.conntrack is 1, as kube-proxy sets it)"))
        : List.of();
  }
}
