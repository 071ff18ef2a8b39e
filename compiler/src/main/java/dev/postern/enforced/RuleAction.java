package dev.postern.enforced;

import dev.postern.net.AddressSet;
import java.util.List;

/** What a rule does with a packet that meets its condition. */
public sealed interface RuleAction {

  /** Asks what to make of each kind of action. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of action. */
  interface Cases<R> {
    R accept(Accept action);

    R drop(Drop action);

    R jump(Jump action);

    R goTo(Goto action);

    R doReturn(Return action);

    R setMark(SetMark action);

    R mapMark(MapMark action);

    R unknownMark(UnknownMark action);

    R doContinue(Continue action);

    R queue(Queue action);

    R unknown(Unknown action);
  }

  /** The stage ends; the packet goes on to the next. */
  record Accept() implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.accept(this);
    }
  }

  /** The packet is dropped, or answered with a refusal. */
  record Drop() implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.drop(this);
    }
  }

  /** The walk goes on in another chain and comes back after it. */
  record Jump(String chain) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.jump(this);
    }
  }

  /** The walk goes on in another chain and comes back where this one would have. */
  record Goto(String chain) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.goTo(this);
    }
  }

  /** The walk goes back to where this chain was jumped to from; in a stage's first chain, the stage's ending follows. */
  record Return() implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.doReturn(this);
    }
  }

  /** {@code mark = (mark & ~mask) ^ value}; the walk goes on with the next rule. */
  record SetMark(int value, int mask) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.setMark(this);
    }
  }

  /**
   * Sets the mark to what a table holds for an address: {@code mark = (mark & ~mask) ^ value} of the first entry that holds it; nothing
   * where none does. The walk goes on with the next rule.
   *
   * @param source whether the source address is looked up, else the destination
   */
  record MapMark(boolean source, List<Entry> entries) implements RuleAction {
    public MapMark {
      entries = List.copyOf(entries);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.mapMark(this);
    }

    /** An entry of a table of marks. */
    public record Entry(AddressSet addresses, int value, int mask) {}
  }

  /**
   * Puts a value that is not known into some bits of the mark, as rules do that judge a packet by what nobody can see here, such as the
   * destination that it had before it was translated. The walk goes on with the next rule.
   *
   * @param mask the bits that may have changed; the others are as before
   */
  record UnknownMark(int mask) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.unknownMark(this);
    }
  }

  /** Does nothing that changes a verdict: counters, logs, comments. */
  record Continue() implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.doContinue(this);
    }
  }

  /**
   * Hands the packet to a program in user space, which gives it back as it was, so that the stage ends and the packet goes on to the next,
   * or drops it (nft(8), "queue statement"; iptables-extensions(8), "NFQUEUE"). What it decides stands in no rule.
   *
   * @param first the number of the queue, 0..65535
   * @param last that of the last where packets are spread over several
   * @param bypass whether the packet goes on as if it had come back where no program listens; else it is dropped then
   */
  record Queue(int first, int last, boolean bypass) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.queue(this);
    }
  }

  /** An action that the reader does not understand; a verdict that depends on it is UNKNOWN. */
  record Unknown(String text) implements RuleAction {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.unknown(this);
    }
  }

  /** What a {@link SetMark} or an entry of {@link MapMark} makes of a mark. */
  static int marked(int mark, int value, int mask) {
    return (mark & ~mask) ^ value;
  }

  RuleAction ACCEPT = new Accept();
  RuleAction DROP = new Drop();
  RuleAction RETURN = new Return();
  RuleAction CONTINUE = new Continue();
}
