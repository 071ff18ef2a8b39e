package dev.postern.openworld;

import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import dev.postern.selector.Requirement;
import dev.postern.solver.Formula;

/** A condition on a flow that a policy can state, or its opposite: what rows are made of. */
sealed interface FlowCondition {

  /** Which end of the flow it is about. */
  enum Place {
    SOURCE,
    DESTINATION
  }

  Formula in(FlowEncoding encoding);

  /** How gladly it is read: of two that will do, the one with more stays. */
  int worth();

  /** A requirement on the pod's labels. */
  record Labelled(Place place, Requirement requirement) implements FlowCondition {
    @Override
    public Formula in(FlowEncoding encoding) {
      return encoding.labelled(place, requirement);
    }

    @Override
    public int worth() {
      return worth(requirement);
    }

    static int worth(Requirement requirement) {
      return switch (requirement.operator()) {
        case IN -> 1000 + requirement.values().size();
        case EXISTS -> 900;
        case NOT_IN -> 200 - requirement.values().size();
        case DOES_NOT_EXIST -> 190;
      };
    }
  }

  /** A requirement on the labels of the pod's namespace. */
  record Within(Place place, Requirement requirement) implements FlowCondition {
    @Override
    public Formula in(FlowEncoding encoding) {
      return encoding.within(place, requirement);
    }

    @Override
    public int worth() {
      return 10 + Labelled.worth(requirement);
    }
  }

  /** That its address is one of a network, or that it is not. */
  record At(Place place, AddressSet addresses, int prefix, boolean holds) implements FlowCondition {
    @Override
    public Formula in(FlowEncoding encoding) {
      Formula at = encoding.at(place, addresses);
      return holds ? at : encoding.not(at);
    }

    @Override
    public int worth() {
      return holds ? 800 - prefix : 150;
    }
  }

  /** What it carries. */
  record On(Traffic traffic, boolean holds) implements FlowCondition {
    @Override
    public Formula in(FlowEncoding encoding) {
      Formula on = encoding.on(traffic);
      return holds ? on : encoding.not(on);
    }

    @Override
    public int worth() {
      return holds ? 700 : 100;
    }
  }

  /** That the port has a name on the destination pod, or that it does not. */
  record Called(PortName name, boolean holds) implements FlowCondition {
    @Override
    public Formula in(FlowEncoding encoding) {
      Formula called = encoding.called(name);
      return holds ? called : encoding.not(called);
    }

    @Override
    public int worth() {
      return holds ? 750 : 90;
    }
  }
}
