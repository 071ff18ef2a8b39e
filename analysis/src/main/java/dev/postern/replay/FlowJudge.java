package dev.postern.replay;

import dev.postern.net.Protocol;
import dev.postern.reach.Reachability;
import dev.postern.replay.Replay.ReplayRow;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.Vantage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Judges traffic one flow at a time, as {@link Replay} judges a log. It remembers the last of what it was asked. Not thread-safe. */
public final class FlowJudge {

  /** How many answers are remembered. */
  private static final int REMEMBERED = 1 << 16;

  private static final LogPlace NOWHERE = new LogPlace("", 1);

  private record Asked(FlowEnd source, FlowEnd destination, Protocol protocol, int port) {}

  private final Reachability policies;
  private final Edges edges;

  private final Map<Asked, ReplayRow> answers = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Asked, ReplayRow> eldest) {
      return size() > REMEMBERED;
    }
  };

  /** A judge by these policies. */
  public FlowJudge(Reachability policies) {
    this.policies = policies;
    this.edges = new Edges(policies.plan());
  }

  /**
   * How a flow that passes today is treated: {@link Replay.Fate#SAME} if it is allowed, {@link Replay.Fate#BREAKS} if it is denied.
   *
   * @param port the destination port 1..65535; 0 for {@link Protocol#OTHER}
   */
  public ReplayRow judge(FlowEnd source, FlowEnd destination, Protocol protocol, int port) {
    Asked asked = new Asked(source, destination, protocol, port);
    ReplayRow known = answers.get(asked);
    if (known == null) {
      edges.only(new FlowRecord(
          NOWHERE,
          source,
          destination,
          protocol,
          0,
          port,
          Outcome.PASSED,
          Vantage.DESTINATION,
          Opener.SOURCE,
          1,
          0,
          Optional.empty(),
          Optional.empty()));
      known = Replay.rows(edges, policies).get(0);
      answers.put(asked, known);
    }
    return known;
  }
}
