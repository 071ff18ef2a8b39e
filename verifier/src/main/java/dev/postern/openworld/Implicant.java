package dev.postern.openworld;

import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.openworld.FlowCondition.At;
import dev.postern.openworld.FlowCondition.Called;
import dev.postern.openworld.FlowCondition.Labelled;
import dev.postern.openworld.FlowCondition.On;
import dev.postern.openworld.FlowCondition.Place;
import dev.postern.openworld.FlowCondition.Within;
import dev.postern.selector.Requirement;
import java.util.ArrayList;
import java.util.List;

/** Words that hold together, which is what one row covers, as the two ends and the traffic that they speak of. */
record Implicant(ComparisonSetting setting, List<FlowCondition> words) {

  Implicant {
    words = List.copyOf(words);
  }

  PossibleEnds at(Place place) {
    Role role = setting.at(place);
    if (role instanceof Role.Existing existing) {
      return new PossibleEnds.OnHost(existing.ends().stream()
          .filter(End.InPod.class::isInstance)
          .map(End.InPod.class::cast)
          .toList());
    }
    AddressSet addresses = new AddressSet(
        setting.families().stream().map(Cidr::all).map(Cidr::range).toList());
    boolean unaddressed = setting.unaddressed();
    for (FlowCondition word : words) {
      if (word instanceof At at && at.place() == place) {
        addresses =
            at.holds() ? addresses.intersect(at.addresses()) : addresses.minus(at.addresses());
        unaddressed &= !at.holds();
      }
    }
    return role instanceof Role.AnyAddress
        ? new PossibleEnds.Addresses(addresses)
        : new PossibleEnds.Pods(
            Selectors.of(namespaces(place)), Selectors.of(labels(place)), addresses, unaddressed);
  }

  /** What is demanded of the labels of one end's namespace, word by word. */
  List<Requirement> namespaces(Place place) {
    List<Requirement> requirements = new ArrayList<>();
    for (FlowCondition word : words) {
      if (word instanceof Within within && within.place() == place) {
        requirements.add(within.requirement());
      }
    }
    return requirements;
  }

  /** What is demanded of one end's labels, word by word. */
  List<Requirement> labels(Place place) {
    List<Requirement> requirements = new ArrayList<>();
    for (FlowCondition word : words) {
      if (word instanceof Labelled labelled && labelled.place() == place) {
        requirements.add(labelled.requirement());
      }
    }
    return requirements;
  }

  RowTraffic carried() {
    RowTraffic carried = RowTraffic.ALL;
    for (FlowCondition word : words) {
      if (word instanceof On on) {
        carried = carried.within(on.holds() ? on.traffic() : on.traffic().complement());
      } else if (word instanceof Called called) {
        carried = carried.with(called.name(), called.holds());
      }
    }
    return carried;
  }

  /** Port names that are spoken of. */
  List<PortName> names() {
    return words.stream()
        .filter(Called.class::isInstance)
        .map(word -> ((Called) word).name())
        .toList();
  }

  Family family() {
    return setting.family();
  }
}
