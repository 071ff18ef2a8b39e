package dev.postern.openworld;

import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;

/** One end of the flow in a formula: known, or not. */
interface Actor {

  /** What else is so: ranges of numbers, what the question demands. */
  Formula given();

  /** Whether selectors of a policy of this kind, as a subject or a peer, match it. */
  Formula selected(PolicyKind kind, NamespaceSelection namespaces, Selector pods);

  /** Whether an address block of a policy of this kind matches it; {@code matchPods} if such a block matches pods. */
  Formula in(PolicyKind kind, AddressSet addresses, boolean matchPods);

  /**
   * Whether a rule's blocks, all of them together, match it for want of an address that is known.
   *
   * @param blocks all addresses of a rule's blocks
   */
  Formula somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods);

  /** Whether a peer over nodes matches it. */
  Formula onNode(Selector nodes);

  /** Whether it is an address outside, which a DNS name might stand for. */
  Formula isOutside();

  /** Whether it has a container port of this name, protocol and number, as a policy of this kind sees it. */
  Formula hasPort(PolicyKind kind, String name, Protocol protocol, BitVector number);
}
