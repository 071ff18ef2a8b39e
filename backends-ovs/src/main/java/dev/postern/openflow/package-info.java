/**
 * Turns a plan into OpenFlow tables for plain Open vSwitch, in which conjunctive matches make the number of flows a sum of sources,
 * destinations and ports, not a product. It trusts the plan; {@link dev.postern.openflow.reader} reads its output back.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openflow;

import org.jspecify.annotations.NullMarked;
