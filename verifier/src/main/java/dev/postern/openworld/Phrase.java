package dev.postern.openworld;

import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.openworld.Word.At;
import dev.postern.openworld.Word.Called;
import dev.postern.openworld.Word.Labelled;
import dev.postern.openworld.Word.On;
import dev.postern.openworld.Word.Place;
import dev.postern.openworld.Word.Within;
import dev.postern.selector.Requirement;
import java.util.ArrayList;
import java.util.List;

/** Words that hold together, which is what one row covers, as the two ends and the traffic that they speak of. */
record Phrase(Setting setting, List<Word> words) {

  Phrase {
    words = List.copyOf(words);
  }

  Anyone at(Place place) {
    Role role = setting.at(place);
    if (role instanceof Role.Existing existing) {
      return new Anyone.OnHost(existing.ends().stream()
          .filter(End.InPod.class::isInstance)
          .map(End.InPod.class::cast)
          .toList());
    }
    AddressSet addresses = new AddressSet(
        setting.families().stream().map(Cidr::all).map(Cidr::range).toList());
    boolean unaddressed = setting.unaddressed();
    for (Word word : words) {
      if (word instanceof At at && at.place() == place) {
        addresses =
            at.holds() ? addresses.intersect(at.addresses()) : addresses.minus(at.addresses());
        unaddressed &= !at.holds();
      }
    }
    return role instanceof Role.AnyAddress
        ? new Anyone.Addresses(addresses)
        : new Anyone.Pods(
            Selectors.of(namespaces(place)), Selectors.of(labels(place)), addresses, unaddressed);
  }

  /** What is demanded of the labels of one end's namespace, word by word. */
  List<Requirement> namespaces(Place place) {
    List<Requirement> requirements = new ArrayList<>();
    for (Word word : words) {
      if (word instanceof Within within && within.place() == place) {
        requirements.add(within.requirement());
      }
    }
    return requirements;
  }

  /** What is demanded of one end's labels, word by word. */
  List<Requirement> labels(Place place) {
    List<Requirement> requirements = new ArrayList<>();
    for (Word word : words) {
      if (word instanceof Labelled labelled && labelled.place() == place) {
        requirements.add(labelled.requirement());
      }
    }
    return requirements;
  }

  Carried carried() {
    Carried carried = Carried.ALL;
    for (Word word : words) {
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
