package dev.postern.openworld;

import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Selector;
import java.util.List;

/** Who may stand at one end of an open-world question. */
public sealed interface Role {

  /** One of these, as they are. */
  record Existing(List<End> ends) implements Role {
    public Existing {
      ends = List.copyOf(ends);
    }
  }

  /**
   * Any pod that is here, or could come to the pod network with any labels, container ports and address.
   *
   * @param namespaces where it is or would be; a namespace that exists keeps its labels, a new one may have any
   * @param labels what its labels must meet
   */
  record AnyPod(NamespaceSelection namespaces, Selector labels) implements Role {}

  /** Any address in the set that no pod has. */
  record AnyAddress(AddressSet addresses) implements Role {}
}
