package dev.postern.openworld;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Selector;

/** One end of the flow in a formula: known, or not. */
interface Actor {

  /** What else is so: ranges of numbers, what the question demands. */
  BoolExpr given();

  /** Whether selectors of a policy of this kind, as a subject or a peer, match it. */
  BoolExpr selected(PolicyKind kind, NamespaceSelection namespaces, Selector pods);

  /** Whether an address block of a policy of this kind matches it; {@code matchPods} if such a block matches pods. */
  BoolExpr in(PolicyKind kind, AddressSet addresses, boolean matchPods);

  /**
   * Whether a rule's blocks, all of them together, match it for want of an address that is known.
   *
   * @param blocks all addresses of a rule's blocks
   */
  BoolExpr somewhere(PolicyKind kind, AddressSet blocks, boolean matchPods);

  /** Whether a peer over nodes matches it. */
  BoolExpr onNode(Selector nodes);

  /** Whether it is an address outside, which a DNS name might stand for. */
  BoolExpr isOutside();

  /** Whether it has a container port of this name, protocol and number, as a policy of this kind sees it. */
  BoolExpr hasPort(PolicyKind kind, String name, Protocol protocol, BitVecExpr number);
}
